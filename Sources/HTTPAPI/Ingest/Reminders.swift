import Alerting

/// Says whether it is time to say something again, so that a sender that repeats itself does not fill the log.
struct Reminders<Subject: Hashable & Sendable>: Sendable {
    /// Subjects remembered at most; beyond it all are forgotten, and the next of each is said again.
    private static var maximumCount: Int { 4096 }

    private let interval: Int64
    private var last: [Subject: Timestamp] = [:]

    /// Reminds at most once in that many seconds.
    init(every seconds: Int64) {
        interval = seconds
    }

    /// Whether a subject is due, which it then is not for a while. A clock that is set back makes it due.
    mutating func isDue(_ subject: Subject, at now: Timestamp) -> Bool {
        if let last = last[subject], last <= now, now < last.adding(seconds: interval) { return false }
        if last.count >= Self.maximumCount { last.removeAll() }
        last[subject] = now
        return true
    }
}
