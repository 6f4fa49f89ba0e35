import Alerting
import WireJSON

extension ObjectWriter {
    /// An inhibition rule, with how many open alerts it holds back now.
    func inhibitionRule(_ rule: InhibitionRule, suppressed: Int64) -> JSONValue {
        let id = ExternalID.string(.inhibitionRule, rule.id)
        let sides = [rule.source, rule.target].map { $0.matchers.map(\.description).joined(separator: ", ") }
        let summary = rule.comment.isEmpty ? "\(sides[0]) holds back \(sides[1])" : rule.comment
        var members = base("inhibition_rule", id: id, summary: summary, path: "inhibition_rules/\(id)")
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        add("service", rule.serviceID.map { reference(service: $0) } ?? .null)
        add("source_matchers", .array(rule.source.matchers.map(ObjectWriter.matcher)))
        add("target_matchers", .array(rule.target.matchers.map(ObjectWriter.matcher)))
        add("equal", .array(rule.equal.map { .string($0) }))
        add("comment", .string(rule.comment))
        add("created_at", time.json(rule.createdAt))
        add("created_by", reference(agent: rule.createdBy))
        add("deleted_at", time.json(rule.deletedAt))
        add("alert_counts", ["suppressed": JSONValue(suppressed)])
        return .object(members)
    }
}
