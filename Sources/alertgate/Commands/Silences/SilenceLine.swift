import Alerting
import Pipeline
import Store
import WireJSON

/// A silence as a line tells it.
struct SilenceLine {
    var silence: Silence
    /// The name of the service whose alerts it holds back; nil is all services.
    var service: String?
    var counts: SilenceCounts
    /// Who set it.
    var createdBy: String
    /// Who ended it before its time.
    var endedBy: String?
    /// When it was looked at.
    var now: Timestamp

    /// An end that is no further away is told.
    private static let noticeMilliseconds: Int64 = 3_600_000

    /// What belongs to these silences, in their order.
    static func read(_ silences: [Silence], _ connection: Connection) throws -> [SilenceLine] {
        let now = SystemClock().now()
        let services = try ServiceQueries.services(Set(silences.compactMap(\.serviceID)), connection)
        let counts = try SilenceQueries.counts(silences.map(\.id), connection)
        let names = try AgentNames(of: silences.map(\.createdBy) + silences.compactMap(\.endedBy), connection)
        return silences.map { silence in
            SilenceLine(
                silence: silence,
                service: silence.serviceID.map { services[$0]?.name ?? ExternalID.string(.service, $0) },
                counts: counts[silence.id] ?? SilenceCounts(), createdBy: names[silence.createdBy],
                endedBy: silence.endedBy.map { names[$0] }, now: now)
        }
    }

    /// Its id, as it goes over the wire.
    var id: String { ExternalID.string(.silence, silence.id) }

    /// What it holds back: the matchers, or that it takes none.
    var matchers: String {
        if silence.matchers.matchers.isEmpty { return "(all alerts)" }
        return silence.matchers.matchers.map(\.description).joined(separator: ", ")
    }

    /// Where it stands, and within the last hour, how long it goes on.
    var status: String {
        let status = silence.status(at: now)
        let rest = silence.window.end.milliseconds - now.milliseconds
        guard status == .active, rest <= SilenceLine.noticeMilliseconds else { return status.rawValue }
        return "\(status.rawValue), ends in \((rest + 59_999) / 60_000) min"
    }

    /// The silence as the REST API shows it, but for references.
    var members: [JSONValue.Member] {
        [
            .init("id", .string(id)), .init("status", .string(silence.status(at: now).rawValue)),
            .init("service", JSONValue(service)),
            .init("matchers", .array(silence.matchers.matchers.map(SilenceLine.json))),
            .init("maintenance", .bool(silence.isMaintenance)),
            .init("starts_at", .string(Output.time(silence.window.start))),
            .init("ends_at", .string(Output.time(silence.window.end))), .init("comment", .string(silence.comment)),
            .init("recurrence", silence.recurrence.map(SilenceLine.json) ?? .null),
            .init("created_at", .string(Output.time(silence.createdAt))), .init("created_by", .string(createdBy)),
            .init("ended_at", JSONValue(silence.endedAt.map { Output.time($0) })),
            .init("ended_by", JSONValue(endedBy)),
            .init("alert_counts", ["all": JSONValue(counts.all), "suppressed": JSONValue(counts.suppressed)]),
        ]
    }

    var json: JSONValue { .object(members) }

    /// Prints silences, one on each line.
    static func printTable(_ lines: [SilenceLine]) {
        Output.table(
            ["ID", "STATUS", "SERVICE", "ENDS", "HELD BACK", "BY", "MATCHERS", "COMMENT"],
            lines.map { line in
                [
                    line.id, line.status, line.service ?? "(all)",
                    Output.time(line.silence.endedAt ?? line.silence.window.end), "\(line.counts.suppressed)",
                    line.createdBy, line.matchers, line.silence.comment,
                ]
            }, names: ["SERVICE", "BY", "MATCHERS"])
    }

    /// Prints what is to be known of it, one fact on each line.
    func printFacts() {
        var facts = [["id", id], ["status", status], ["service", service ?? "(all)"]]
        if silence.matchers.matchers.isEmpty { facts.append(["matcher", matchers]) }
        for matcher in silence.matchers.matchers { facts.append(["matcher", matcher.description]) }
        facts.append(["starts", Output.time(silence.window.start)])
        facts.append(["ends", Output.time(silence.window.end)])
        if let recurrence = silence.recurrence {
            let zone = "\(recurrence.localStart) \(recurrence.timeZone)"
            let end = recurrence.untilTime.map { "until \($0)" } ?? "\(recurrence.duration) s"
            facts.append(["repeats", "\(recurrence.rule), from \(zone), \(end) each time"])
            if let exdates = recurrence.exdates { facts.append(["except", exdates.joined(separator: ", ")]) }
        }
        if !silence.comment.isEmpty { facts.append(["comment", silence.comment]) }
        facts.append(["set", "\(Output.time(silence.createdAt)) by \(createdBy)"])
        if let endedAt = silence.endedAt {
            facts.append(["ended", Output.time(endedAt) + (endedBy.map { " by \($0)" } ?? "")])
        }
        facts.append(["held back", "\(counts.suppressed) now, \(counts.all) so far"])
        Output.table(["", ""], facts)
    }

    /// A matcher, as the REST API shows it.
    static func json(_ matcher: LabelMatcher) -> JSONValue {
        [
            "label": .string(matcher.label), "comparison": .string(matcher.comparison.rawValue),
            "value": .string(matcher.value),
        ]
    }

    private static func json(_ recurrence: Recurrence) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("rule", .string(recurrence.rule)), .init("time_zone", .string(recurrence.timeZone)),
            .init("local_start", .string(recurrence.localStart)),
        ]
        if let time = recurrence.untilTime {
            members.append(.init("until_time", .string(time)))
        } else {
            members.append(.init("duration", JSONValue(recurrence.duration)))
        }
        if let exdates = recurrence.exdates {
            members.append(.init("exdates", .array(exdates.map { .string($0) })))
        }
        return .object(members)
    }
}
