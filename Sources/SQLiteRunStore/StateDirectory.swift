import Glibc
import Runs

/// The folder that holds the database, private to its user.
enum StateDirectory {
    /// Makes the folder (0700) and an empty database file (0600) unless they are there, and syncs both
    /// folders. Throws `RunStoreError` with `.unusable`.
    ///
    /// An existing folder keeps its mode: it may be a shared one named on purpose, and the files are private
    /// anyway.
    static func prepare(_ directory: String, database: String) throws(RunStoreError) {
        try makeDirectory(directory)
        if let kind = MountTable.networkFileSystem(of: directory) {
            throw StoreMessages.networkFileSystem(directory, kind)
        }
        // mknod makes the file without opening it. A descriptor of ours on the live file must not be closed:
        // that drops every POSIX lock of the process (https://sqlite.org/howtocorrupt.html section 2.2).
        // SQLite takes an empty file for an empty database, and the -wal and -shm get the file's own mode.
        if mknod(database, S_IFREG | 0o600, 0) == 0 {
            try sync(directory)
            try sync(parent(of: directory))
        } else if errno != EEXIST {
            throw fault("make", database)
        }
        for file in [database, database + "-wal", database + "-shm"] {
            guard chmod(file, 0o600) == 0 || errno == ENOENT else { throw fault("restrict", file) }
        }
    }

    private static func makeDirectory(_ path: String) throws(RunStoreError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        let above = parent(of: path)
        guard errno == ENOENT, above != path else { throw fault("make", path) }
        try makeDirectory(above)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw fault("make", path) }
    }

    private static func parent(of path: String) -> String {
        let parts = path.split(separator: "/")
        let start = path.hasPrefix("/") ? "/" : ""
        guard parts.count > 1 else { return start.isEmpty ? "." : start }
        return start + parts.dropLast().joined(separator: "/")
    }

    /// A new name is on disk only once its folder is synced (fsync(2)).
    private static func sync(_ directory: String) throws(RunStoreError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("open", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw fault("sync", directory) }
    }

    private static func fault(_ action: String, _ path: String) -> RunStoreError {
        StoreMessages.system(action, path, String(cString: strerror(errno)))
    }
}
