import Alerting
import HTTPServer
import Synchronization

/// The rate limits of the Events API (events-api.md section 11). A limit of 0 is none.
public struct EventRateLimits: Sendable, Hashable {
    /// Events per integration in any sixty seconds.
    public var perMinute = 1000
    /// Events per integration in any second.
    public var perSecond = 100
    /// Requests with an unknown key per remote address (of IPv6: per network of 64 bits) in any sixty seconds.
    public var unknownKeysPerMinute = 60
    /// How long the answer to what is above a limit is held back, in milliseconds. Whoever floods with requests waits for
    /// each of them, and takes no processor time from the others.
    public var answerDelay: Int64 = 100

    /// The usual limits.
    public init() {}
}

/// Who has sent how much lately. Kept in memory only: a restart forgets it.
final class Throttle: Sendable {
    private struct Sender {
        /// What was let through: what the limit is about.
        var admitted = Windows()
        /// Everything that came: what ten times the limit is about.
        var seen = Windows()
    }

    private struct Windows {
        private var minute = SlidingWindow(seconds: 60)
        private var second = SlidingWindow(seconds: 1)

        mutating func isBelow(_ limits: EventRateLimits, times factor: Int, at now: Timestamp) -> Bool {
            (limits.perMinute == 0 || minute.count(at: now) < limits.perMinute * factor)
                && (limits.perSecond == 0 || second.count(at: now) < limits.perSecond * factor)
        }

        mutating func add(at now: Timestamp) {
            minute.add(at: now)
            second.add(at: now)
        }
    }

    private struct State {
        var limits: EventRateLimits
        var senders: [IntegrationID: Sender] = [:]
        var strangers: [AddressNetwork: SlidingWindow] = [:]
    }

    /// Addresses remembered at most; beyond it the quiet ones are forgotten, then all.
    private static let maximumStrangers = 4096

    private let state: Mutex<State>

    init(limits: EventRateLimits) {
        state = Mutex(State(limits: limits))
    }

    func setLimits(_ limits: EventRateLimits) {
        state.withLock { $0.limits = limits }
    }

    var answerDelay: Int64 { state.withLock { $0.limits.answerDelay } }

    /// Counts an event of a known key and says whether it may pass. An acknowledge or resolve passes up to ten times
    /// the limit, so that a flood of triggers cannot swallow a recovery.
    func admits(_ action: EventAction?, of integration: IntegrationID, at now: Timestamp) -> Bool {
        state.withLock { state in
            let limits = state.limits
            guard limits.perMinute > 0 || limits.perSecond > 0 else { return true }
            var sender = state.senders.removeValue(forKey: integration) ?? Sender()
            defer { state.senders[integration] = sender }
            let isPrivileged = action == .acknowledge || action == .resolve
            let passes =
                isPrivileged
                ? sender.seen.isBelow(limits, times: 10, at: now)
                : sender.admitted.isBelow(limits, times: 1, at: now)
            sender.seen.add(at: now)
            if passes { sender.admitted.add(at: now) }
            return passes
        }
    }

    /// Counts a request with an unknown key and says whether it gets to know so, rather than being throttled.
    func admitsUnknownKey(from address: AddressNetwork, at now: Timestamp) -> Bool {
        state.withLock { state in
            let limit = state.limits.unknownKeysPerMinute
            guard limit > 0 else { return true }
            if state.strangers.count >= Throttle.maximumStrangers, state.strangers[address] == nil {
                state.strangers = state.strangers.filter { entry in
                    var window = entry.value
                    return window.count(at: now) > 0
                }
                if state.strangers.count >= Throttle.maximumStrangers { state.strangers.removeAll() }
            }
            var window = state.strangers.removeValue(forKey: address) ?? SlidingWindow(seconds: 60)
            defer { state.strangers[address] = window }
            guard window.count(at: now) < limit else { return false }
            window.add(at: now)
            return true
        }
    }
}
