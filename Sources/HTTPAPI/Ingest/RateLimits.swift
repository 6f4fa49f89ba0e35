import Alerting
import Synchronization

/// The rate limits of the Events API (events-api.md section 11). A limit of 0 is none.
public struct EventRateLimits: Sendable, Hashable {
    /// Events per integration in sixty seconds, counted in steps of one.
    public var perMinute = 1000
    /// Events per integration in one second.
    public var perSecond = 100
    /// Requests with an unknown key per remote address (of IPv6: per network of 64 bits) in sixty seconds, counted in steps
    /// of one.
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
        var admitted: SlidingWindow
        /// Everything that came: what ten times the limit is about.
        var seen: SlidingWindow
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
            var sender =
                state.senders.removeValue(forKey: integration)
                ?? Sender(admitted: SlidingWindow(at: now), seen: SlidingWindow(at: now))
            defer { state.senders[integration] = sender }
            let isPrivileged = action == .acknowledge || action == .resolve
            let passes =
                isPrivileged
                ? Self.isBelow(limits, times: 10, &sender.seen, at: now)
                : Self.isBelow(limits, times: 1, &sender.admitted, at: now)
            sender.seen.count(at: now)
            if passes { sender.admitted.count(at: now) }
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
                    return !window.isEmpty(at: now)
                }
                if state.strangers.count >= Throttle.maximumStrangers { state.strangers.removeAll() }
            }
            var window = state.strangers.removeValue(forKey: address) ?? SlidingWindow(at: now)
            defer { state.strangers[address] = window }
            guard window.lastMinute(at: now) < limit else { return false }
            window.count(at: now)
            return true
        }
    }

    private static func isBelow(
        _ limits: EventRateLimits, times factor: Int, _ window: inout SlidingWindow, at now: Timestamp
    ) -> Bool {
        (limits.perMinute == 0 || window.lastMinute(at: now) < limits.perMinute * factor)
            && (limits.perSecond == 0 || window.thisSecond(at: now) < limits.perSecond * factor)
    }
}
