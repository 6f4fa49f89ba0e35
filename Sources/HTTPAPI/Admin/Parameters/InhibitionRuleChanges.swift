import Alerting
import WireJSON

/// Reads the body of `POST /inhibition_rules`.
enum InhibitionRuleChanges {
    /// What an inhibition rule that is asked for is made of.
    enum Member: String, CaseIterable {
        case type, service, equal, comment
        case source = "source_matchers"
        case target = "target_matchers"
    }

    static func draft(_ body: [UInt8]) throws(AdminError) -> InhibitionRuleDraft {
        let object = try OwnObject<Member>("inhibition_rule", inBody: body)
        var draft = try draft(of: object)
        draft.serviceID = try object.reference(.service, .service, unknown: .unknownService)
        return draft
    }

    /// A rule, without the service it is of.
    static func draft(of object: OwnObject<Member>) throws(AdminError) -> InhibitionRuleDraft {
        try object.requireType("inhibition_rule")
        return InhibitionRuleDraft(
            source: try side(.source, of: object), target: try side(.target, of: object), equal: try equal(object),
            comment: try SilenceChanges.comment(.comment, of: object) ?? "")
    }

    private static func side(_ member: Member, of object: OwnObject<Member>) throws(AdminError) -> [LabelMatcher] {
        guard let matchers = try MatcherLists.matchers(member, of: object) else {
            throw .missingArguments(
                "\(object.path(member)) is missing; source_matchers and target_matchers must be there")
        }
        return matchers
    }

    private static func equal(_ object: OwnObject<Member>) throws(AdminError) -> [String] {
        let labels = try object.strings(.equal) ?? []
        guard labels.count <= InhibitionRuleDraft.maximumEqual else {
            throw .invalidInput("\(object.path(.equal)) must be up to \(InhibitionRuleDraft.maximumEqual) labels")
        }
        try MatcherLists.requireKnown(labels, called: object.path(.equal))
        return labels
    }
}
