/// The window of a silence is over: the next one is waited for, or the silence has ended. The alerts that it holds back
/// have timers of their own.
enum SilenceEnd {
    static func apply(_ timer: TimerEvent, event: Event, to state: inout FoldState) -> Outcome {
        guard var silence = state.silences[timer.subjectID] else {
            state.setTimer(timer.key, to: nil)
            return .dropped(.timerSuperseded)
        }
        guard silence.window.end == timer.dueAt else { return .dropped(.timerSuperseded) }
        if let next = timer.nextWindow, next.start < next.end, event.receivedAt < next.end {
            silence.window = next
        } else {
            silence.endedAt = event.receivedAt
        }
        state.set(silence)
        state.setTimer(TimerKey(.silenceEnd, silence.id), to: silence.endedAt == nil ? silence.window.end : nil)
        return .fired(nil)
    }
}
