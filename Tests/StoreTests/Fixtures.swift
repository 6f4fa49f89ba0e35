import Alerting
import GatewayTesting
import Glibc
import Store
import Testing

extension Connection {
    /// Every row of a table or view, each as one text of SQL literals, in the order of the whole text.
    func dump(_ table: String) throws -> [String] {
        let columns = try all("SELECT name FROM pragma_table_info('\(table)')") { $0.text(0) }
        let list = columns.map { "quote(\"\($0)\")" }.joined(separator: " || ',' || ")
        return try all("SELECT \(list) AS line FROM \(table) ORDER BY line") { $0.text(0) }
    }

    /// The names of our tables.
    func tables() throws -> [String] {
        try all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name") {
            $0.text(0)
        }
    }

    /// Appends events with consecutive numbers.
    func append(_ events: [NewEvent]) throws {
        _ = try transaction(.immediate) {
            for event in events { try EventRows.insert(event, id: try EventRows.nextID(self), into: self) }
        }
    }

    /// Folds what is in the log, so many events to a transaction.
    func fold(batch: Int64) throws {
        while true {
            let waiting = try EventRows.read(after: try FoldReader.cursor(self), limit: batch, from: self)
            let events = Lifecycle.batch(of: waiting)
            guard let last = events.last else { return }
            var state = try FoldReader.settings(self)
            try FoldReader.load(for: events, into: &state, from: self)
            for event in events { Lifecycle.apply(event, to: &state) }
            try transaction(.immediate) {
                try FoldWriter.write(state, appliedThrough: last.id, to: self)
                try Effects.write(state.changes, to: self)
            }
        }
    }
}

/// What a file holds.
func contents(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw POSIXFailure(operation: "open", code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw POSIXFailure(operation: "read", code: errno) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}

/// Makes a file of those bytes.
func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw POSIXFailure(operation: "open", code: errno) }
    defer { close(descriptor) }
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
        throw POSIXFailure(operation: "write", code: errno)
    }
}
