import Glibc
import SystemPackage

/// What identifies a file and tells whether it was written to.
struct FileStatus: Equatable {
    let device: UInt64
    let inode: UInt64
    let byteCount: Int64
    let modificationTimeNanoseconds: Int64
    /// Of content, name or owner; set by the kernel alone.
    let changeTimeNanoseconds: Int64
    /// `a directory`, `a pipe` and so on; nil for a regular file.
    let foreignKind: String?
    let linkCount: Int

    /// The foreign kind of a folder.
    static let directory = "a directory"

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        byteCount = Int64(status.st_size)
        modificationTimeNanoseconds =
            Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changeTimeNanoseconds =
            Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
        linkCount = Int(status.st_nlink)
        foreignKind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: nil
            case S_IFLNK: "a symbolic link"
            case S_IFDIR: Self.directory
            case S_IFIFO: "a pipe"
            case S_IFSOCK: "a socket"
            default: "a device"
            }
    }
}

/// The system calls of this room, with its errors. Interrupted calls are repeated by SystemPackage.
enum Files {
    /// Opens without following a symbolic link and without handing the descriptor to child processes.
    static func open(
        _ path: String, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions = [],
        permissions: mode_t? = nil, orThrow fault: (Int32) -> SpoolError
    ) throws(SpoolError) -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                FilePath(path), mode, options: options.union([.noFollow, .closeOnExec]),
                permissions: permissions.map { FilePermissions(rawValue: $0) })
        } catch {
            throw fault((error as? Errno)?.rawValue ?? EIO)
        }
    }

    static func status(of file: FileDescriptor, _ path: String) throws(SpoolError) -> FileStatus {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw .system("look at", path, errno) }
        return FileStatus(status)
    }

    /// The status of what stands at a path, a symbolic link itself included; nil when nothing does.
    static func status(at path: String) -> FileStatus? {
        var status = stat()
        return lstat(path, &status) == 0 ? FileStatus(status) : nil
    }

    /// Reads up to the buffer's size; 0 at the end.
    static func read(
        _ file: FileDescriptor, into buffer: UnsafeMutableRawBufferPointer, _ path: String
    ) throws(SpoolError) -> Int {
        do {
            return try file.read(into: buffer)
        } catch {
            throw .system("read", path, (error as? Errno)?.rawValue ?? EIO)
        }
    }

    static func write(
        _ bytes: UnsafeRawBufferPointer, to file: FileDescriptor, _ path: String
    ) throws(SpoolError) {
        do {
            try file.writeAll(bytes)
        } catch {
            throw .system("write", path, (error as? Errno)?.rawValue ?? EIO)
        }
    }

    /// After an error here the kernel may have dropped the unwritten pages: it must not be tried again on
    /// the same file (fsync(2), "Errors").
    static func sync(_ file: FileDescriptor, _ path: String) throws(SpoolError) {
        guard fsync(file.rawValue) == 0 else { throw .system("sync", path, errno) }
    }

    /// Makes names created, renamed or removed in a directory survive a power cut (fsync(2): syncing a
    /// file does not sync its name).
    static func syncDirectory(_ path: String) throws(SpoolError) {
        // A directory of ours may be reached over a symbolic link, so this one follows.
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open the directory", path, errno) }
        defer { Glibc.close(descriptor) }
        // EINVAL: this file system cannot sync directories, and nothing more can be done.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw .system("sync the directory", path, errno)
        }
    }

    static func rename(_ old: String, to new: String) throws(SpoolError) {
        guard Glibc.rename(old, new) == 0 else { throw .system("write", new, errno) }
    }

    /// The directory that a path's last component stands in.
    static func parent(of path: String) -> String {
        let parent = FilePath(path).removingLastComponent()
        return parent.isEmpty ? "." : parent.string
    }

    /// Makes a directory and those above it, unless they stand, each synced into the one above.
    static func makeDirectories(_ path: String, permissions: mode_t) throws(SpoolError) {
        if mkdir(path, permissions) == 0 { return try syncDirectory(parent(of: path)) }
        switch errno {
        case EEXIST:
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw .system("create the directory", path, ENOTDIR)
            }
        case ENOENT where parent(of: path) != path:
            try makeDirectories(parent(of: path), permissions: permissions)
            guard mkdir(path, permissions) == 0 || errno == EEXIST else {
                throw .system("create the directory", path, errno)
            }
            try syncDirectory(parent(of: path))
        case let number:
            throw .system("create the directory", path, number)
        }
    }

    /// The names in a directory, without `.` and `..`, in no order.
    static func names(in directory: String) throws(SpoolError) -> [String] {
        guard let stream = opendir(directory) else { throw .system("list", directory, errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
