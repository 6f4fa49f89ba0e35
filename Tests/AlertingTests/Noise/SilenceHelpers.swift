import Alerting
import Testing

extension FoldRecorder {
    /// Sets a silence whose window starts with the event that sets it, or so many seconds later, and gives its number.
    mutating func silence(
        _ matchers: String..., service: ServiceID? = nil, after delay: Int64 = 0, for seconds: Int64 = 3600,
        recurrence: Recurrence? = nil, at place: SourceLocation = #_sourceLocation
    ) throws -> SilenceID {
        let start = now.adding(seconds: 1 + delay)
        let draft = SilenceDraft(
            serviceID: service, matchers: try LabelMatcher.parse(matchers.joined(separator: ",")),
            window: Recurrence.Window(start: start, end: start.adding(seconds: seconds)), recurrence: recurrence,
            comment: "deploy", isMaintenance: matchers.isEmpty)
        #expect(perform(.createSilence(draft)) == .applied(nil), sourceLocation: place)
        return lastID
    }

    /// Until when a silence is in force that has not ended.
    func end(of silence: SilenceID) throws -> Timestamp {
        try #require(state.silences[silence]).window.end
    }

    /// The timer that the last event set; nil where it left the timer alone, or took it back.
    func set(_ kind: TimerKind, on subject: Int64) -> Timestamp? {
        state.changes.timers[TimerKey(kind, subject)] ?? nil
    }
}

/// A log whose times are seconds since it began, and whose timers fall due by themselves, as the gateway's do.
struct SilenceStory {
    private(set) var fold: FoldRecorder
    /// The timers that are set.
    private(set) var timers: [TimerKey: Timestamp] = [:]
    /// All events after the service and its integration were made.
    private(set) var log: [Event] = []
    /// The timers that were set after each of them.
    private(set) var timersAfter: [EventID: [TimerKey: Timestamp]] = [:]
    /// The settings that the log began with.
    let settings: FoldState
    /// Whether timers wait, because the gateway is down.
    var isDown = false

    /// 22:13:30 UTC on a Tuesday.
    static let beginning = Timestamp(milliseconds: 1_700_000_010_000)
    static let localBeginning = "2023-11-14T22:13:30"

    init(grouping: AlertGrouping? = nil) {
        fold = FoldRecorder.withIntegration(hasTimeouts: false)
        if let grouping {
            var update = ServiceUpdate()
            update.alertGrouping = .on(grouping)
            fold.perform(.updateService(fold.service, update))
        }
        settings = fold.state.settingsOnly()
    }

    static func moment(_ seconds: Int64) -> Timestamp { beginning.adding(seconds: seconds) }

    var openIncidents: [Incident] { fold.state.incidents.values.filter(\.isOpen).sorted { $0.id < $1.id } }

    /// Applies an event, after the timers that are due by then.
    @discardableResult
    mutating func at(_ seconds: Int64, _ content: EventContent) -> Outcome {
        pass(to: seconds)
        return apply(content, at: Self.moment(seconds))
    }

    /// Lets the time pass, and tells what became of the timers that fell due meanwhile.
    @discardableResult
    mutating func pass(to seconds: Int64) -> [String] {
        var outcomes: [String] = []
        while !isDown, let (key, due) = timers.min(by: Self.isBefore), due <= Self.moment(seconds) {
            let moment = max(fold.now, due)
            let timer = TimerEvent(
                kind: key.kind, subjectID: key.subjectID, dueAt: due, nextWindow: nextWindow(key, after: moment))
            outcomes.append(apply(.timer(timer), at: moment).name)
            // One that is set anew for the moment at which it fell due would never let the time pass.
            guard outcomes.count < 100 else {
                Issue.record("timers fall due without end")
                break
            }
        }
        return outcomes
    }

    @discardableResult
    mutating func perform(_ command: Action.Command, at seconds: Int64) -> Outcome {
        at(seconds, .action(Action(requester: .user(7, name: "Ada"), command: command)))
    }

    @discardableResult
    mutating func send(
        _ action: EventAction, _ key: String = "disk", at seconds: Int64, severity: Severity = .critical,
        digest: Int64 = 1, _ fill: (inout AlertData) -> Void = { _ in }
    ) -> Outcome {
        at(seconds, .alert(fold.makeEvent(action, key, severity: severity, digest: digest, fill)))
    }

    /// Sets a silence on the story's service and gives its number.
    @discardableResult
    mutating func silence(
        _ matchers: String..., at seconds: Int64, until end: Int64, recurrence: Recurrence? = nil
    ) throws -> SilenceID {
        let draft = SilenceDraft(
            serviceID: fold.service, matchers: try LabelMatcher.parse(matchers.joined(separator: ",")),
            window: Recurrence.Window(start: Self.moment(seconds), end: Self.moment(end)), recurrence: recurrence,
            isMaintenance: matchers.isEmpty)
        perform(.createSilence(draft), at: seconds)
        return fold.lastID
    }

    private static func isBefore(
        _ left: (key: TimerKey, value: Timestamp), _ right: (key: TimerKey, value: Timestamp)
    ) -> Bool {
        (left.value, left.key.kind.rawValue, left.key.subjectID)
            < (right.value, right.key.kind.rawValue, right.key.subjectID)
    }

    /// The first window of a silence that starts after the one at hand and is not over.
    private func nextWindow(_ key: TimerKey, after moment: Timestamp) -> Recurrence.Window? {
        guard key.kind == .silenceEnd, let silence = fold.state.silences[key.subjectID] else { return nil }
        var next = silence.recurrence?.window(atOrAfter: moment)
        while let window = next, window.start <= silence.window.start {
            next = silence.recurrence?.window(atOrAfter: window.end)
        }
        return next
    }

    private mutating func apply(_ content: EventContent, at moment: Timestamp) -> Outcome {
        let outcome = fold.apply(content, at: moment)
        log.append(Event(id: fold.lastID, receivedAt: moment, content: content))
        for (key, due) in fold.state.changes.timers { timers[key] = due }
        timersAfter[fold.lastID] = timers
        return outcome
    }
}
