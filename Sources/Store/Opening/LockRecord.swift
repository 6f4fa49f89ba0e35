/// What the file of a database's lock says: the process that took the lock, and the files that it has open, a line each.
struct LockRecord: Sendable {
    /// The process; nil if the file does not say.
    var processID: Int32?
    /// The files that the process has open.
    var files: [DatabaseFiles.Kind: FileIdentity] = [:]
    /// The files that the last process had open that had any.
    var former: [DatabaseFiles.Kind: FileIdentity] = [:]
    /// What the process found wrong with its files.
    var displacement: String?
    /// Whether some process has met damage in the database.
    var isDamaged = false

    /// The line that reports damage.
    static let damageMark = "damaged"

    /// The record of a process that has the database's files open.
    init(
        processID: Int32, files: [(kind: DatabaseFiles.Kind, identity: FileIdentity)], displacement: String?
    ) {
        self.processID = processID
        self.displacement = displacement
        for (kind, identity) in files { self.files[kind] = identity }
    }

    /// The record of a process that has just taken the lock.
    init(processID: Int32, former: LockRecord) {
        self.processID = processID
        self.former = former.files.isEmpty ? former.former : former.files
    }

    /// Reads a record. What cannot be read is left out.
    init(text: String) {
        for (number, line) in text.split(separator: "\n").enumerated() {
            let words = line.split(separator: " ", maxSplits: 1)
            switch words.first {
            case "file": LockRecord.add(words.last, to: &files)
            case "former": LockRecord.add(words.last, to: &former)
            case "displaced": displacement = words.last.map(String.init)
            case "damaged": isDamaged = true
            case let word? where number == 0: processID = Int32(word)
            default: break
            }
        }
    }

    /// The text of the file.
    var text: String {
        var lines = [processID.map { "\($0)" } ?? "0"]
        for (word, entries) in [("file", files), ("former", former)] {
            for kind in DatabaseFiles.Kind.allCases {
                guard let identity = entries[kind] else { continue }
                lines.append("\(word) \(kind.rawValue) \(identity.device) \(identity.inode)")
            }
        }
        if let displacement { lines.append("displaced \(displacement)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The process, for a person.
    var holder: String { processID.map { "process \($0)" } ?? "its process is unknown" }

    private static func add(_ text: Substring?, to entries: inout [DatabaseFiles.Kind: FileIdentity]) {
        let words = (text ?? "").split(separator: " ")
        guard words.count == 3, let kind = DatabaseFiles.Kind(rawValue: String(words[0])),
            let device = UInt64(words[1]), let inode = UInt64(words[2])
        else { return }
        entries[kind] = FileIdentity(device: device, inode: inode)
    }
}
