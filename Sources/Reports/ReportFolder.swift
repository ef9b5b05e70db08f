import Glibc
import Spool

/// The directory of one report while it is written: files under temporary names, and the manifest last.
///
/// Where a manifest stands already nothing is changed: each file is written beside it, must be what the
/// manifest lists, and is dropped.
struct ReportFolder {
    private let run: String
    private let publication: Publication
    /// SHA-256 by name of an earlier publication; nil without a manifest.
    private let listed: [String: String]?

    var directory: String { publication.directory }

    /// Opens the directory, making it if it is missing. Throws `SpoolError`, and `ReportError` when a
    /// manifest stands there that cannot be understood.
    init(directory: String, run: String) throws {
        self.run = run
        publication = try Publication(directory: directory)
        listed = try Self.listed(in: publication)
    }

    func begin(_ name: String) throws(SpoolError) -> PublishedFile { try publication.create(name) }

    func write(_ name: String, _ bytes: [UInt8]) throws -> PublishedFile.Receipt {
        let file = try begin(name)
        try file.append(bytes)
        return try commit(file)
    }

    /// Gives a file its name; with a manifest, only when it is what the manifest lists.
    func commit(_ file: PublishedFile) throws -> PublishedFile.Receipt {
        let name = file.name
        let path = directory + "/" + name
        let stood = publication.fileExists(name)
        // Without a manifest nothing is published yet: another release may have written what stands there.
        if stood, listed == nil, unlink(path) != 0 {
            throw ReportError.leftover(path, reason: String(cString: strerror(errno)))
        }
        let receipt: PublishedFile.Receipt
        do {
            receipt = try file.commit()
        } catch {
            guard error.code == .alreadyPublished else { throw error }
            throw ReportError.differs(run, directory, file: name)
        }
        if let listed, listed[name] != receipt.sha256 {
            // A listed file that had been removed came back with other content: it must not stay.
            if !stood { unlink(path) }
            throw ReportError.differs(run, directory, file: name)
        }
        return receipt
    }

    /// Publishes the manifest, after which the report stands for ever; or makes sure that the one that stands
    /// lists these files and no others.
    func seal(_ manifest: Manifest) throws {
        if let listed {
            let names = Set(manifest.files.map(\.name))
            guard let missing = listed.keys.sorted().first(where: { !names.contains($0) }) else { return }
            throw ReportError.differs(run, directory, file: missing)
        }
        let file = try begin(Manifest.name)
        try file.append(manifest.bytes)
        _ = try file.commit()
    }

    private static func listed(in publication: Publication) throws -> [String: String]? {
        guard publication.fileExists(Manifest.name) else { return nil }
        let path = publication.directory + "/" + Manifest.name
        guard let bytes = Manifest.read(path) else {
            throw ReportError.manifest(path, String(cString: strerror(errno)))
        }
        guard let listed = Manifest.listed(bytes) else {
            throw ReportError.manifest(path, "not a manifest of format 1")
        }
        return listed
    }
}
