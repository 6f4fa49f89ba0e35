import Alerting
import WireJSON

/// Reads the body of `POST /inhibition_rules`.
enum InhibitionRuleChanges {
    static func draft(_ body: [UInt8]) throws(AdminError) -> InhibitionRuleDraft {
        let element = try RequestBody.object("inhibition_rule", in: body, called: "Inhibition rule")
        try element.requireType("inhibition_rule")
        var draft = try draft(of: element)
        draft.serviceID = try element.reference("service", .service, unknown: .unknownService)
        return draft
    }

    /// A rule, without the service it is of.
    static func draft(of element: JSONValue) throws(AdminError) -> InhibitionRuleDraft {
        guard let source = try MatcherLists.matchers(element.member("source_matchers"), called: "source_matchers"),
            let target = try MatcherLists.matchers(element.member("target_matchers"), called: "target_matchers")
        else { throw .missingArguments("source_matchers and target_matchers must be there") }
        return InhibitionRuleDraft(
            source: source, target: target, equal: try equal(element),
            comment: try SilenceChanges.comment(element) ?? "")
    }

    private static func equal(_ element: JSONValue) throws(AdminError) -> [String] {
        guard let value = element.member("equal") else { return [] }
        let names = (value.arrayValue ?? [.null]).map(\.stringValue)
        let labels = names.compactMap { $0 }
        guard labels.count == names.count, labels.count <= InhibitionRuleDraft.maximumEqual else {
            throw .invalidInput("equal must be up to \(InhibitionRuleDraft.maximumEqual) labels")
        }
        try MatcherLists.requireKnown(labels, called: "equal")
        return labels
    }
}
