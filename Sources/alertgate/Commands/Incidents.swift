import Alerting
import ArgumentParser
import Store
import WireJSON

/// Lists incidents.
struct Incidents: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List incidents, the newest first.",
        discussion: "Example: alertgate incidents --status triggered --status acknowledged")

    @Option(help: "triggered, acknowledged or resolved; may be given more than once. Default: the open ones.")
    var status: [String] = []

    @Option(help: "How many at most, 1 to 1000.")
    var limit: Int64 = 50

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        for text in status where IncidentStatus(rawValue: text) == nil {
            throw ValidationError("A status is triggered, acknowledged or resolved.")
        }
        guard (1...1000).contains(limit) else { throw ValidationError("--limit is 1 to 1000.") }
    }

    func run() throws {
        let statuses = status.isEmpty ? [.triggered, .acknowledged] : status.compactMap(IncidentStatus.init(rawValue:))
        let (incidents, services) = try options.read { connection in
            let filter = IncidentFilter(statuses: Set(statuses))
            let page = try IncidentQueries.list(
                filter, order: IncidentOrder([.init(.createdAt, isDescending: true)]),
                page: PageRequest(limit: limit), connection)
            return (page.elements, try SettingsRows.services(connection))
        }
        let names = Dictionary(uniqueKeysWithValues: services.map { ($0.id, $0.name) })
        if json { printJSON(incidents, names) } else { printTable(incidents, names) }
    }

    private func printJSON(_ incidents: [Incident], _ services: [ServiceID: String]) {
        Output.json(
            .array(
                incidents.map { incident in
                    [
                        "id": .string(ExternalID.string(.incident, incident.id)),
                        "incident_number": JSONValue(incident.id), "status": .string(incident.status.rawValue),
                        "urgency": .string(incident.urgency.rawValue), "title": .string(incident.title),
                        "incident_key": .string(incident.incidentKey.text),
                        "service": JSONValue(services[incident.serviceID]),
                        "created_at": .string(Output.time(incident.createdAt)),
                        "resolved_at": JSONValue(incident.resolvedAt.map { Output.time($0) }),
                        "open_alerts": JSONValue(incident.openAlertCount), "alerts": JSONValue(incident.alertCount),
                    ]
                }))
    }

    private func printTable(_ incidents: [Incident], _ services: [ServiceID: String]) {
        Output.table(
            ["NUMBER", "STATUS", "URGENCY", "SINCE", "SERVICE", "ALERTS", "TITLE"],
            incidents.map { incident in
                [
                    "\(incident.id)", incident.status.rawValue, incident.urgency.rawValue,
                    Output.time(incident.createdAt), services[incident.serviceID] ?? "",
                    "\(incident.openAlertCount)/\(incident.alertCount)", incident.title,
                ]
            })
    }
}
