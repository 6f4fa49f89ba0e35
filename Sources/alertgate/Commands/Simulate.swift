import Alerting
import ArgumentParser
import FoundationEssentials
import HTTPAPI
import Pipeline
import Store
import WireJSON

/// Runs the stored log against other rules.
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replay the stored log with other rules, and print how many incidents they would have opened.",
        discussion: """
            Nothing is changed, and the daemon may run. FILE is JSON: services with alert_grouping_parameters, \
            flap_detection and storm_detection, silences and inhibition_rules, as the REST API takes them; what it leaves \
            out stays as it was. A silence without times is in force throughout. What cannot be simulated is an error.

            Example: alertgate simulate --rules rules.json --since 7d
            """)

    @Option(help: ArgumentHelp("The rules to try.", valueName: "file"), completion: .file())
    var rules: String

    @Option(help: ArgumentHelp("How far back: 90m, 12h, 7d.", valueName: "time"))
    var since: SilenceDuration

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let services = try options.read { try SettingsRows.services($0) }
        let tried: SimulationRules
        do throws(RulesFile.Invalid) {
            tried = try RulesFile.rules(try contents(), services: services)
        } catch {
            throw Failure.usage("--rules: \(rules): \(error)")
        }
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let report: Simulation.Report
        do {
            report = try options.reportingDamage {
                try Simulation.run($0, tried, since: now.adding(seconds: -since.seconds), now: now)
            }
        } catch let error as SimulationError {
            throw Failure.refused("--rules: \(rules): \(error.rule): \(error.refusal.explanation(subject: nil))")
        }
        show(report)
    }

    private func contents() throws(RulesFile.Invalid) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: rules)))
        } catch {
            throw RulesFile.Invalid(description: "it cannot be read")
        }
    }

    private func show(_ report: Simulation.Report) {
        let were = report.services.map(\.incidents).reduce(0, +)
        let wouldBe = report.services.map(\.simulatedIncidents).reduce(0, +)
        guard !json else {
            return Output.json([
                "since": .string(Output.time(report.since)), "events": JSONValue(report.events),
                "unreadable_events": JSONValue(report.unreadableEvents),
                "incidents": JSONValue(were), "simulated_incidents": JSONValue(wouldBe),
                "services": .array(report.services.map(Simulate.json)),
            ])
        }
        Output.line(
            "\(report.events) events since \(Output.time(report.since)): \(were) incidents, would be \(wouldBe)")
        if report.unreadableEvents > 0 {
            Output.line(
                "\(report.unreadableEvents) of them cannot be read by this program and were left out; "
                    + "`alertgate verify` names them")
        }
        guard !report.services.isEmpty else { return }
        Output.table(
            ["SERVICE", "ALERTS", "INCIDENTS", "WOULD BE", "HELD BACK"],
            report.services.map {
                [
                    $0.name, "\($0.alerts)", "\($0.incidents)", "\($0.simulatedIncidents)", "\($0.simulatedHeldBack)",
                ]
            })
    }

    private static func json(_ line: SimulationTables.Count) -> JSONValue {
        [
            "id": .string(ExternalID.string(.service, line.serviceID)), "name": .string(line.name),
            "alerts": JSONValue(line.alerts), "incidents": JSONValue(line.incidents),
            "simulated_incidents": JSONValue(line.simulatedIncidents),
            "simulated_held_back": JSONValue(line.simulatedHeldBack),
        ]
    }
}
