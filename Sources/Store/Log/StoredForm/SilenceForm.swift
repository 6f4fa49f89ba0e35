import Alerting
import WireJSON

/// The stored form of what persons do to silences.
enum SilenceForm {
    // MARK: create_silence

    static func write(_ draft: SilenceDraft, to writer: inout StoredWriter) {
        writer.add("service_id", draft.serviceID)
        writer.add("matchers", each: draft.matchers, MatcherForm.write)
        WindowForm.write(draft.window, to: &writer)
        writer.add("recurrence", draft.recurrence.map(write))
        writer.add("comment", draft.comment)
        writer.add("maintenance", draft.isMaintenance)
    }

    static func draft(_ reader: inout StoredReader) throws(StoredFormError) -> SilenceDraft {
        var draft = SilenceDraft(
            serviceID: try reader.optionalInteger("service_id"),
            matchers: try reader.list("matchers", MatcherForm.read), window: try WindowForm.read(&reader),
            recurrence: try reader.optional("recurrence", recurrence), comment: try reader.text("comment"))
        draft.isMaintenance = try reader.optionalFlag("maintenance")
        return draft
    }

    // MARK: update_silence

    static func write(_ update: SilenceUpdate, of silence: SilenceID, to writer: inout StoredWriter) {
        writer.add("silence_id", silence)
        writer.add("ends_at", update.end)
        writer.add("comment", update.comment)
    }

    static func update(_ reader: inout StoredReader) throws(StoredFormError) -> Action.Command {
        .updateSilence(
            try reader.integer("silence_id"),
            SilenceUpdate(end: try reader.optionalTime("ends_at"), comment: try reader.optionalText("comment")))
    }

    // MARK: Recurrence

    private static func write(_ recurrence: Recurrence) -> JSONValue {
        StoredWriter {
            $0.add("rule", recurrence.rule)
            $0.add("time_zone", recurrence.timeZone)
            $0.add("local_start", recurrence.localStart)
            $0.add("duration", recurrence.duration)
            $0.add("until_time", recurrence.untilTime)
            $0.add("exdates", texts: recurrence.exdates)
        }.object
    }

    /// As it was given: what the zone is worth today does not decide whether the log can be read.
    private static func recurrence(_ value: JSONValue) throws(StoredFormError) -> Recurrence {
        try StoredReader.read(value, of: "recurrence") { (reader) throws(StoredFormError) in
            Recurrence(
                asStored: try reader.text("rule"), timeZone: try reader.text("time_zone"),
                localStart: try reader.text("local_start"), duration: try reader.integer("duration"),
                untilTime: try reader.optionalText("until_time"), exdates: try reader.optionalTexts("exdates"))
        }
    }
}

/// The stored form of a window: two members of the object that has it.
enum WindowForm {
    static func write(_ window: Recurrence.Window, to writer: inout StoredWriter) {
        writer.add("starts_at", window.start)
        writer.add("ends_at", window.end)
    }

    static func read(_ reader: inout StoredReader) throws(StoredFormError) -> Recurrence.Window {
        Recurrence.Window(start: try reader.time("starts_at"), end: try reader.time("ends_at"))
    }
}

/// The stored form of matchers. The columns that hold matchers have the same.
enum MatcherForm {
    static func write(_ matcher: LabelMatcher) -> JSONValue {
        StoredWriter {
            $0.add("label", matcher.label)
            $0.add("comparison", named: matcher.comparison)
            $0.add("value", matcher.value)
        }.object
    }

    static func read(_ value: JSONValue) throws(StoredFormError) -> LabelMatcher {
        try StoredReader.read(value, of: "a matcher") { (reader) throws(StoredFormError) in
            LabelMatcher(
                label: try reader.text("label"), comparison: try reader.named("comparison"),
                value: try reader.text("value"))
        }
    }

    /// Matchers made ready for use. What they look for may be confidential: an error does not repeat it.
    static func set(_ matchers: [LabelMatcher]) throws(StoredFormError) -> MatcherSet {
        guard let set = try? MatcherSet(matchers) else {
            throw StoredFormError("a matcher is one that this program refuses")
        }
        return set
    }
}
