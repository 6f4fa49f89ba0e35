import Dispatch
import Foundation
import GatewayTesting
import Synchronization

/// Senders on several connections at once, and a record of what each was answered.
final class Load: Sendable {
    /// An event that was answered with success.
    struct Answered: Sendable {
        /// The exact bytes sent.
        let body: [UInt8]
        /// Its dedup key.
        let key: String
        /// The connection, and the place among its events.
        let connection: Int
    }

    /// How requests are laid on connections.
    enum Mode: Sendable {
        /// One connection for all requests of a sender, until it breaks.
        case keepAlive
        /// A connection for each request.
        case closing
    }

    private struct State {
        var answered: [Answered] = []
        var refusals: [String] = []
        var failures: [RawConnectionError] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let reached = DispatchSemaphore(value: 0)
    private let wanted: Int
    private let mixture: UInt64?
    private let group = DispatchGroup()

    /// Starts the senders.
    ///
    /// - Parameters:
    ///   - wanted: `waitUntilReached` returns when that many events were answered, or all senders have ended.
    ///   - keys: how many dedup keys the senders share.
    ///   - mixture: a seed where acknowledges and resolves are to stand among the triggers, at random.
    init(
        daemon: DaemonProcess, name: String, connections: Int, keys: Int, mode: Mode, wanted: Int,
        mixture: UInt64? = nil
    ) {
        self.wanted = wanted
        self.mixture = mixture
        for connection in 0..<connections {
            group.enter()
            let thread = Thread { [self] in
                defer {
                    reached.signal()
                    group.leave()
                }
                send(daemon, name: name, connection: connection, keys: keys, mode: mode)
            }
            thread.start()
        }
    }

    /// Waits until as many events were answered as wanted, or every sender has ended.
    func waitUntilReached(limit: Int = 60) throws {
        guard reached.wait(timeout: .now() + .seconds(limit)) == .success else {
            throw ProgramFailure("\(wanted) answers did not come in \(limit) s")
        }
    }

    /// What was answered with success until now.
    var answered: [Answered] { state.withLock { $0.answered } }

    /// Tells the senders to stop after the answer they wait for.
    func stop() { state.withLock { $0.isStopped = true } }

    /// Waits for the end of all senders, and gives what they were answered.
    func finish(limit: Int = 60) throws -> (answered: [Answered], refusals: [String], failures: [RawConnectionError]) {
        guard group.wait(timeout: .now() + .seconds(limit)) == .success else {
            throw ProgramFailure("the senders did not end in \(limit) s")
        }
        return state.withLock { state in (state.answered, state.refusals, state.failures) }
    }

    private func send(_ daemon: DaemonProcess, name: String, connection number: Int, keys: Int, mode: Mode) {
        do {
            var connection = try RawConnection(port: daemon.port)
            var random = mixture.map { seed in SplitMix(state: seed &+ UInt64(number)) }
            for place in 0... {
                let action = random?.action() ?? "trigger"
                let key = "\(name)-\((number * 7919 + place) % keys)"
                let body = Self.body(
                    daemon.key, action, key: key, unique: "\(name)/\(number)/\(place)", isV2: place % 3 != 0)
                let target = place % 3 != 0 ? "/v2/enqueue" : "/generic/2010-04-15/create_event.json"
                if mode == .closing, place > 0 { connection = try RawConnection(port: daemon.port) }
                let reply = try connection.exchange(
                    daemon.request(target, body, headers: mode == .closing ? "Connection: close\r\n" : ""))
                let count = state.withLock { state in
                    if reply.status == 202 || reply.status == 200 {
                        state.answered.append(Answered(body: body, key: key, connection: number))
                    } else {
                        state.refusals.append("\(reply.status) \(reply.text)")
                    }
                    return state.answered.count
                }
                if count == wanted { reached.signal() }
                if state.withLock({ state in state.isStopped }) || reply.status >= 500 { return }
                if mode == .keepAlive, reply.header("connection")?.lowercased() == "close" { return }
            }
        } catch let failure as RawConnectionError {
            state.withLock { state in state.failures.append(failure) }
        } catch {
            state.withLock { state in state.refusals.append("\(error)") }
        }
    }

    /// An event in either version whose bytes are like no other's.
    private static func body(
        _ key: String, _ action: String, key dedupKey: String, unique: String, isV2: Bool
    ) -> [UInt8] {
        let text =
            isV2
            ? #"{"routing_key":"\#(key)","event_action":"\#(action)","dedup_key":"\#(dedupKey)", "payload":"#
                + #"{"summary":"é☃ \#(unique)","source":"load","severity":"error","custom_details":{"n":0.750}}}"#
            : #"{"service_key":"\#(key)","event_type":"\#(action)","incident_key":"\#(dedupKey)","#
                + #" "description":"é☃ \#(unique)","details":null}"#
        return Array(text.utf8) + [0x0A]
    }
}

extension SplitMix {
    /// As many triggers as recoveries.
    fileprivate mutating func action() -> String {
        ["trigger", "trigger", "acknowledge", "resolve"].randomElement(using: &self) ?? "trigger"
    }
}
