import Alerting
import Store
import WireJSON

/// An inhibition rule as a line tells it.
struct InhibitionLine {
    var rule: InhibitionRule
    /// The name of the service that both alerts are of; nil is any.
    var service: String?
    /// How many open alerts it holds back now.
    var suppressed: Int64
    /// Who made it.
    var createdBy: String

    /// What belongs to these rules, in their order.
    static func read(_ rules: [InhibitionRule], _ connection: Connection) throws -> [InhibitionLine] {
        let services = try ServiceQueries.services(Set(rules.compactMap(\.serviceID)), connection)
        let counts = try InhibitionRuleQueries.counts(rules.map(\.id), connection)
        let names = try AgentNames(of: rules.map(\.createdBy), connection)
        return rules.map { rule in
            InhibitionLine(
                rule: rule, service: rule.serviceID.map { services[$0]?.name ?? ExternalID.string(.service, $0) },
                suppressed: counts[rule.id] ?? 0, createdBy: names[rule.createdBy])
        }
    }

    /// Its id, as it goes over the wire.
    var id: String { ExternalID.string(.inhibitionRule, rule.id) }

    /// The rule as the REST API shows it, but for references.
    var json: JSONValue {
        [
            "id": .string(id), "service": JSONValue(service),
            "source_matchers": .array(rule.source.matchers.map(SilenceLine.json)),
            "target_matchers": .array(rule.target.matchers.map(SilenceLine.json)),
            "equal": .array(rule.equal.map { .string($0) }), "comment": .string(rule.comment),
            "created_at": .string(Output.time(rule.createdAt)), "created_by": .string(createdBy),
            "deleted_at": JSONValue(rule.deletedAt.map { Output.time($0) }),
            "alert_counts": ["suppressed": JSONValue(suppressed)],
        ]
    }

    /// Prints rules, one on each line.
    static func printTable(_ lines: [InhibitionLine]) {
        Output.table(
            ["ID", "SERVICE", "SOURCE", "TARGET", "EQUAL", "HELD BACK", "COMMENT"],
            lines.map { line in
                [
                    line.id, line.service ?? "(any)", text(line.rule.source), text(line.rule.target),
                    line.rule.equal.joined(separator: ", "), "\(line.suppressed)", line.rule.comment,
                ]
            }, names: ["SERVICE", "SOURCE", "TARGET", "EQUAL"])
    }

    /// Prints what is to be known of it, one fact on each line.
    func printFacts() {
        var facts = [["id", id], ["service", service ?? "(any)"]]
        for matcher in rule.source.matchers { facts.append(["source", matcher.description]) }
        for matcher in rule.target.matchers { facts.append(["target", matcher.description]) }
        if !rule.equal.isEmpty { facts.append(["equal", rule.equal.joined(separator: ", ")]) }
        if !rule.comment.isEmpty { facts.append(["comment", rule.comment]) }
        facts.append(["made", "\(Output.time(rule.createdAt)) by \(createdBy)"])
        if let deletedAt = rule.deletedAt { facts.append(["deleted", Output.time(deletedAt)]) }
        facts.append(["held back", "\(suppressed) now"])
        Output.table(["", ""], facts)
    }

    private static func text(_ side: MatcherSet) -> String {
        side.matchers.map(\.description).joined(separator: ", ")
    }
}
