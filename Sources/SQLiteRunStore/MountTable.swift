import Glibc

/// What the kernel says about mounted file systems (proc_pid_mountinfo(5)).
enum MountTable {
    /// File systems over a network or a remote helper, where POSIX locks or shared memory cannot be trusted
    /// ("WAL does not work over a network filesystem", https://sqlite.org/wal.html).
    private static let network: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "gpfs", "glusterfs", "fuse.sshfs",
        "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.gcsfuse", "fuse.ceph", "ncpfs", "davfs",
        "fuse.davfs2",
    ]

    /// The kind of the file system when it is one of these; nil when it is local or cannot be told.
    static func networkFileSystem(of directory: String) -> String? {
        var status = stat()
        guard stat(directory, &status) == 0,
            let table = ProcessFacts.contents(of: "/proc/self/mountinfo", limit: 1 << 20)
        else { return nil }
        // The layout of glibc's makedev(3), which Swift cannot call.
        let device = UInt64(status.st_dev)
        let major = (device >> 32) & 0xffff_f000 | (device >> 8) & 0xfff
        let minor = (device >> 12) & 0xffff_ff00 | device & 0xff
        return networkFileSystem(in: table, device: "\(major):\(minor)")
    }

    /// `36 35 98:0 /root /mount/point rw,noatime master:1 - ext3 /dev/root rw`: the third field is the
    /// device, the first one after the hyphen the kind.
    static func networkFileSystem(in table: String, device: String) -> String? {
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2, fields[2] == device,
                let hyphen = fields.dropFirst(6).firstIndex(of: "-"), hyphen + 1 < fields.endIndex
            else { continue }
            let kind = String(fields[hyphen + 1])
            return network.contains(kind) ? kind : nil
        }
        return nil
    }
}
