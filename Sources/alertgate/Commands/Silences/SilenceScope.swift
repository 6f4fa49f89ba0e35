import Alerting
import ArgumentParser
import Store

/// What a silence holds back, as it is typed.
struct SilenceScope: ParsableArguments {
    @Option(
        help: """
            The name or id of the service whose alerts are held back: those that --matcher tells, or with --all all of \
            them. Default: the incident's service, else all services.
            """)
    var service: String?

    @Option(
        name: .customLong("matcher"),
        help: ArgumentHelp(
            """
            What alerts are held back: severity="warning", or with !=, =~ or !~ in place of =. May be given more than \
            once, or hold several with commas between them; all have to hold. The labels: \
            \(Alert.labels.joined(separator: ", ")).
            """, valueName: "matcher"))
    var texts: [String] = []

    @Flag(name: .customLong("all"), help: "Hold back all alerts of --service, for maintenance.")
    var isMaintenance = false

    @Option(help: "The number or id of an incident: alerts like those of it are held back, unless matchers are given.")
    var incident: IncidentReference?

    func validate() throws {
        guard service != nil || incident != nil || !texts.isEmpty else {
            throw ValidationError("What shall be held back? Give --service, --matcher or --incident.")
        }
        if isMaintenance {
            guard service != nil, incident == nil, texts.isEmpty else {
                throw ValidationError("--all goes with --service, and without --matcher and --incident.")
            }
        } else if incident == nil, texts.isEmpty {
            throw ValidationError("All alerts of the service? Give --all, or --matcher to hold back some of them.")
        }
        _ = try matchers()
    }

    /// The service and the matchers. Of an incident they come from there, as far as they are not given.
    func resolved(in options: DatabaseOptions) throws -> (serviceID: ServiceID?, matchers: [LabelMatcher]) {
        let serviceID = try service.map { try ServiceCommand.find($0, options).id }
        let matchers = try matchers()
        guard let incident = incident?.id else { return (serviceID, matchers) }
        return try options.read { connection in
            guard let found = try IncidentQueries.incidents([incident], connection)[incident] else {
                throw Failure.refused(Refusal.unknownIncident.explanation(subject: incident))
            }
            let serviceID = serviceID ?? found.serviceID
            guard matchers.isEmpty else { return (serviceID, matchers) }
            let alerts = try AlertQueries.list(
                AlertFilter(incidentID: incident), page: PageRequest(limit: Storm.maximumAlertCount), connection)
            let common = IncidentMatchers.matchers(for: alerts.elements)
            guard !common.isEmpty else {
                throw Failure.refused("incident \(incident): its alerts have nothing in common; give --matcher")
            }
            return (serviceID, common)
        }
    }

    private func matchers() throws -> [LabelMatcher] { try SilenceScope.matchers(in: texts, option: "--matcher") }

    /// The matchers in the values of an option. They can be used together.
    static func matchers(in texts: [String], option: String) throws -> [LabelMatcher] {
        do throws(MatcherSyntaxError) {
            var matchers: [LabelMatcher] = []
            for text in texts {
                let parsed = try LabelMatcher.parse(text)
                // Left over from a variable that is not set, it would hold back more than was meant.
                guard !parsed.isEmpty else {
                    throw MatcherSyntaxError(place: "the matchers", reason: "there is none in \"\(text)\"")
                }
                matchers += parsed
            }
            for matcher in matchers where !Alert.labels.contains(matcher.label) {
                let known = Alert.labels.joined(separator: ", ")
                throw MatcherSyntaxError(place: "the matchers", reason: "\(matcher.label) is none of \(known)")
            }
            _ = try MatcherSet(matchers)
            return matchers
        } catch {
            throw ValidationError("\(option): \(error)")
        }
    }
}
