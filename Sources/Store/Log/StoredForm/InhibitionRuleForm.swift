import Alerting
import WireJSON

/// The stored form of what persons do to inhibition rules.
enum InhibitionRuleForm {
    static func write(_ draft: InhibitionRuleDraft, to writer: inout StoredWriter) {
        writer.add("service_id", draft.serviceID)
        writer.add("source_matchers", each: draft.source, MatcherForm.write)
        writer.add("target_matchers", each: draft.target, MatcherForm.write)
        writer.add("equal", each: draft.equal) { .string($0) }
        writer.add("comment", draft.comment)
    }

    static func draft(_ reader: inout StoredReader) throws(StoredFormError) -> InhibitionRuleDraft {
        InhibitionRuleDraft(
            serviceID: try reader.optionalInteger("service_id"),
            source: try reader.list("source_matchers", MatcherForm.read),
            target: try reader.list("target_matchers", MatcherForm.read), equal: try reader.texts("equal"),
            comment: try reader.text("comment"))
    }
}
