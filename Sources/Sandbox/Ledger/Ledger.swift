import Glibc

/// The gateway's own record of what it was asked and what it did: an append-only NDJSON file.
///
/// Lines are handed to the kernel by one write(2) before the caller goes on, so they survive kill -9; there
/// is no fsync. `LEDGER.lock` keeps other processes away for as long as this value lives or until `close`.
struct Ledger: ~Copyable, Sendable {
    let path: String
    private var file: OwnedDescriptor?
    private var lock: OwnedDescriptor?
    /// Bytes of whole lines; they never change again.
    private(set) var length: Int
    private var nextSequence: Int
    /// A line may have been written in part and could not be taken back: whatever followed it would be
    /// unreadable.
    private var broken = false

    /// Takes the lock, gives every event to `replay` in order, and cuts a torn last line off: its process
    /// died while writing it, so no answer about it can have left.
    static func open(path: String, replay: (LedgerEvent) throws -> Void) throws -> Ledger {
        let lock = try LedgerLock.take(ledger: path)
        guard let file = OwnedDescriptor(opening: path, O_RDWR | O_CREAT | O_APPEND, mode: 0o600) else {
            throw SandboxError.cannotUse(.ledger, "open the ledger", path, reason: systemReason())
        }
        var sequence = 0
        let read = try LineReader.read(file, path: path, failure: .ledger) { line, number in
            sequence += 1
            guard let event = LedgerEvent(line: line, sequence: sequence) else {
                throw SandboxError.badLedger(
                    file: path, line: number, "This is not line \(sequence) of a ledger.")
            }
            do {
                try replay(event)
            } catch let error as SandboxError {
                throw SandboxError.badLedger(file: path, line: number, "This does not fit: " + error.message)
            }
        }
        if !read.tail.isEmpty, ftruncate(file.raw, off_t(read.wholeLineBytes)) != 0 {
            throw SandboxError.cannotUse(.ledger, "cut the torn last line off", path, reason: systemReason())
        }
        return Ledger(
            path: path, file: file, lock: lock, length: read.wholeLineBytes, nextSequence: sequence + 1)
    }

    private init(
        path: String, file: consuming OwnedDescriptor, lock: consuming OwnedDescriptor, length: Int,
        nextSequence: Int
    ) {
        self.path = path
        self.file = consume file
        self.lock = consume lock
        self.length = length
        self.nextSequence = nextSequence
    }

    /// Appends the events by one write. After an error none of them is in the ledger.
    mutating func append(_ events: [LedgerEvent]) throws(SandboxError) {
        guard let descriptor = file?.raw else { throw .ledgerClosed }
        if broken { throw .ledgerBroken }
        var bytes: [UInt8] = []
        for (offset, event) in events.enumerated() {
            bytes += event.line(sequence: nextSequence + offset)
        }
        guard writeAll(bytes, to: descriptor) else {
            let reason = systemReason()
            // A disk that is full takes a part of a line: take it back, or take no more.
            broken = ftruncate(descriptor, off_t(length)) != 0
            throw .cannotUse(.ledger, "write the ledger", path, reason: reason)
        }
        length += bytes.count
        nextSequence += events.count
    }

    /// Gives file and lock back. Later appends throw.
    mutating func close() {
        file = nil
        lock = nil
    }
}
