import Alerting
import Foundation
import Store

/// A database of its own in a temporary folder, filled by events through the fold.
final class QueryFixture {
    let connection: Connection
    private let folder: URL
    private var state: FoldState
    private(set) var lastID: EventID = 0

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("queries-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        connection = try Database(path: folder.appendingPathComponent("test.db").path).openWriter(creating: true)
        try connection.execute("PRAGMA synchronous = OFF")
        state = try FoldReader.settings(connection)
    }

    deinit {
        connection.close()
        // What is left of a temporary folder harms nobody.
        try? FileManager.default.removeItem(at: folder)
    }

    /// Appends and folds events in one transaction; gives the number of the first.
    @discardableResult
    func append(_ events: [(at: Int64, content: EventContent, body: [UInt8])]) throws -> EventID {
        let first = lastID + 1
        try connection.transaction(.immediate) {
            var rows: [Event] = []
            for event in events {
                lastID += 1
                let received = Timestamp(milliseconds: event.at)
                let new =
                    if case .action(let action) = event.content {
                        EventBodyCoding.event(action, receivedAt: received)
                    } else {
                        NewEvent(receivedAt: received, content: event.content, body: event.body)
                    }
                try EventRows.insert(new, id: lastID, into: connection)
                rows.append(Event(id: lastID, receivedAt: received, content: event.content))
            }
            state = state.settingsOnly()
            try FoldReader.load(for: rows, into: &state, from: connection)
            for row in rows { Lifecycle.apply(row, to: &state) }
            try FoldWriter.write(state, appliedThrough: lastID, to: connection)
            state.clearChanges()
        }
        return first
    }

    /// Makes a service; gives its number.
    func service(_ name: String, at: Int64 = 0) throws -> ServiceID {
        try act(.createService(ServiceSettings(name: name)), at: at)
    }

    /// Makes an integration; gives its number.
    func integration(of service: ServiceID, key: String, at: Int64 = 0) throws -> IntegrationID {
        try act(.createIntegration(service: service, name: key, key: key, defaultSeverity: .critical), at: at)
    }

    /// Appends an action; gives its event's number.
    @discardableResult
    func act(_ command: Action.Command, at: Int64 = 0) throws -> EventID {
        try append([(at, .action(Action(requester: .commandLine, command: command)), [])])
    }

    /// Appends an event of a sender; gives its number.
    @discardableResult
    func send(
        _ action: EventAction, _ key: String, by integration: IntegrationID, at: Int64, severity: Severity = .critical
    ) throws -> EventID {
        try append([(at, Self.content(action, key, by: integration, severity: severity), Array("{}".utf8))])
    }

    /// An event of a sender.
    static func content(
        _ action: EventAction, _ key: String, by integration: IntegrationID, severity: Severity = .critical
    ) -> EventContent {
        var data = AlertData()
        data.summary = "summary of \(key)"
        data.source = "host"
        data.severity = severity
        return .alert(
            AlertEvent(
                version: .v2, action: action, integrationID: integration, dedupKey: DedupKey(key), data: data,
                contentDigest: Int64(key.utf8.count)))
    }
}
