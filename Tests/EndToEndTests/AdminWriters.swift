import Dispatch
import Foundation
import GatewayTesting
import Synchronization
import WireJSON

/// Clients that change the same incidents through the admin API at once, at random, and a record of what they were
/// answered.
final class AdminWriters: Sendable {
    /// What a client asks for.
    enum Write: String, CaseIterable {
        case acknowledge, unacknowledge, resolve, reopen, bulk, merge, snooze, note
        case resolveAlert = "resolve alert"
        case reopenAlert = "reopen alert"
        case moveAlert = "move alert"
        case bulkAlerts = "bulk alerts"
    }

    /// What came of it all.
    struct Record: Sendable {
        /// How often each write was answered with each status.
        var answers: [Write: [Int: Int]] = [:]
        /// Answers that no write should get, and connections that broke.
        var faults: [String] = []

        /// How often a write succeeded.
        func successes(_ write: Write) -> Int {
            answers[write, default: [:]].reduce(0) { sum, next in sum + (next.key < 300 ? next.value : 0) }
        }
    }

    private let record = Mutex(Record())
    private let group = DispatchGroup()

    /// Starts the clients. Each ends after so many writes, or once the moment has come.
    init(daemon: DaemonProcess, clients: Int, writes: Int, until end: Date, seed: UInt64) {
        for client in 0..<clients {
            group.enter()
            let thread = Thread { [self] in
                defer { group.leave() }
                do {
                    try run(daemon, writes: writes, until: end, SplitMix(state: seed &+ UInt64(client)))
                } catch {
                    record.withLock { record in record.faults.append("client \(client): \(error)") }
                }
            }
            thread.start()
        }
    }

    /// Waits for the end of all clients.
    func finish(limit: Int = 60) throws -> Record {
        guard group.wait(timeout: .now() + .seconds(limit)) == .success else {
            throw ProgramFailure("the clients did not end in \(limit) s")
        }
        return record.withLock { record in record }
    }

    private func run(_ daemon: DaemonProcess, writes: Int, until end: Date, _ random: SplitMix) throws {
        var random = random
        let connection = try RawConnection(port: daemon.port)
        var view: [Seen] = []
        for place in 0..<writes where Date() < end {
            if place % 10 == 0 { view = try Self.look(daemon, connection) }
            guard let write = Write.allCases.randomElement(using: &random), !view.isEmpty else { continue }
            let (method, target, body) = Self.request(write, view, &random)
            let reply = try connection.exchange(daemon.adminRequest(method, target, body))
            let code = reply.status < 300 ? nil : try JSONValue(parsing: reply.body)["error"]?["code"]?.integerValue
            record.withLock { record in
                record.answers[write, default: [:]][reply.status, default: 0] += 1
                // What others did meanwhile makes a write impossible: resolved, merged, a key that is open elsewhere, an
                // alert that has moved.
                let isExpected =
                    [200, 201].contains(reply.status) || (reply.status, code) == (404, 2100)
                    || reply.status == 400 && [1001, 1019, 2001].contains(code)
                if !isExpected { record.faults.append("\(method) \(target) \(body): \(reply.status) \(reply.text)") }
            }
        }
    }

    /// An incident as a client last saw it.
    private struct Seen {
        var id: String
        var alerts: [String]
    }

    private static func look(_ daemon: DaemonProcess, _ connection: RawConnection) throws -> [Seen] {
        func list(_ name: String, _ target: String) throws -> [JSONValue] {
            let reply = try connection.exchange(daemon.adminRequest("GET", target))
            guard reply.status == 200, let list = try JSONValue(parsing: reply.body)[name]?.arrayValue else {
                throw ProgramFailure("GET \(target): \(reply.status) \(reply.text)")
            }
            return list
        }
        let newest = "/incidents?date_range=all&limit=10&sort_by=created_at:desc"
        return try list("incidents", newest).compactMap { incident in
            guard let id = incident["id"]?.stringValue else { return nil }
            let alerts = try list("alerts", "/incidents/\(id)/alerts?limit=10").compactMap { $0["id"]?.stringValue }
            return Seen(id: id, alerts: alerts)
        }
    }

    private static func request(
        _ write: Write, _ view: [Seen], _ random: inout SplitMix
    ) -> (method: String, target: String, body: String) {
        let one = view[Int.random(in: 0..<view.count, using: &random)]
        let other = view[Int.random(in: 0..<view.count, using: &random)]
        let alert = one.alerts.randomElement(using: &random) ?? "A0000000000001"
        let incident = "/incidents/\(one.id)"
        func status(_ status: String) -> (String, String, String) {
            ("PUT", incident, #"{"incident":{"type":"incident","status":"\#(status)"}}"#)
        }
        func single(_ members: String) -> (String, String, String) {
            ("PUT", "\(incident)/alerts/\(alert)", #"{"alert":{\#(members)}}"#)
        }
        let target = #""incident":{"id":"\#(other.id)","type":"incident_reference"}"#
        switch write {
        case .acknowledge: return status("acknowledged")
        case .unacknowledge: return status("triggered")
        case .resolve: return status("resolved")
        case .reopen: return status("triggered")
        case .bulk:
            let elements = [one, other].map { #"{"id":"\#($0.id)","status":"acknowledged","urgency":"low"}"# }
            return ("PUT", "/incidents", #"{"incidents":[\#(elements.joined(separator: ","))]}"#)
        case .merge:
            let sources = view.filter { $0.id != one.id }.shuffled(using: &random).prefix(2)
                .map { #"{"id":"\#($0.id)","type":"incident_reference"}"# }
            return ("PUT", "\(incident)/merge", #"{"source_incidents":[\#(sources.joined(separator: ","))]}"#)
        case .snooze:
            return ("POST", "\(incident)/snooze", #"{"duration":\#(Int.random(in: 1...3, using: &random))}"#)
        case .note: return ("POST", "\(incident)/notes", #"{"note":{"content":"note ☃ \#(random.next())"}}"#)
        case .resolveAlert: return single(#""status":"resolved""#)
        case .reopenAlert: return single(#""status":"triggered""#)
        case .moveAlert: return single(target)
        case .bulkAlerts:
            let elements = one.alerts.enumerated().map { place, id in
                place % 2 == 0 ? #"{"id":"\#(id)",\#(target)}"# : #"{"id":"\#(id)","status":"resolved"}"#
            }
            return ("PUT", "\(incident)/alerts", #"{"alerts":[\#(elements.joined(separator: ","))]}"#)
        }
    }
}
