import Alerting
import Store
import Synchronization

/// Remembers when tokens were last used, to the minute: a write for each request would cost as much as an event.
public final class TokenUses: Sendable {
    private let log: EventLog
    private let written = Mutex<[TokenID: Timestamp]>([:])

    /// What is written is no more than this apart, in milliseconds.
    private static let interval: Int64 = 60_000

    init(log: EventLog) {
        self.log = log
    }

    /// Records the use of a token with the next commit, unless one was recorded within the last minute. One that cannot
    /// be written is forgotten: the next use is as good.
    public func note(_ token: TokenID, at now: Timestamp) {
        let isDue = written.withLock { written in
            if let last = written[token], abs(now.milliseconds - last.milliseconds) < TokenUses.interval {
                return false
            }
            written[token] = now
            return true
        }
        guard isDue else { return }
        log.submitAside(
            WriteJob(
                write: { try TokenUseRows.write(token, at: now, to: $0) },
                completion: { result in
                    if case .failure = result { self.written.withLock { $0[token] = nil } }
                }))
    }
}
