import Alerting
import ArgumentParser

/// Where a command finds incidents, and how it prints them.
struct IncidentOptions: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var database: DatabaseOptions

    /// The gateway that is named, else the database.
    func desk() throws -> any IncidentDesk {
        if let api = try gateway.api(besides: database) { return GatewayDesk(client: api) }
        return DatabaseDesk(options: database)
    }

    /// Prints incidents: in JSON an array.
    func show(_ incidents: [IncidentSummary]) {
        if json { Output.json(.array(incidents.map(\.json))) } else { IncidentSummary.printTable(incidents) }
    }

    /// Prints one incident: in JSON an object.
    func show(_ incident: IncidentSummary) {
        if json { Output.json(incident.json) } else { IncidentSummary.printTable([incident]) }
    }
}

/// An incident as it is typed: its number, or its id.
struct IncidentReference: ExpressibleByArgument {
    var id: IncidentID

    init?(argument text: String) {
        guard let id = Names.number(.incident, text) else { return nil }
        self.id = id
    }

    /// The incidents of a bulk action, each once.
    static func distinct(_ references: [IncidentReference]) -> [IncidentID] {
        var known: Set<IncidentID> = []
        return references.map(\.id).filter { known.insert($0).inserted }
    }

    /// Refuses more than are changed at a time.
    static func checkCount(_ references: [IncidentReference]) throws {
        let maximum = Action.Command.maximumUpdates
        guard references.count <= maximum else {
            throw ValidationError("At most \(maximum) incidents at a time.")
        }
    }
}
