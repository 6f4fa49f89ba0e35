import Alerting
import ArgumentParser
import Store
import WireJSON

extension SilenceCommand {
    /// Shows a silence.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a silence with the alerts that it holds back now, the oldest first.",
            discussion: "Example: alertgate silence show P0003MV")

        @Argument(help: "The silence's id or number.")
        var silence: SilenceReference

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let id = silence.id
            let lines = try SilenceCommand.lines([id], options)
            let alerts = try options.read { try SilenceQueries.alerts(heldBackNowBy: id, $0) }.map { AlertLine($0) }
            guard !json else {
                for line in lines {
                    Output.json(["silence": line.json, "alerts": .array(alerts.map(\.json))])
                }
                return
            }
            for line in lines { line.printFacts() }
            guard !alerts.isEmpty else { return }
            Output.line("")
            Output.table(AlertLine.openTitles, alerts.map(\.openCells), names: ["SOURCE", "KEY"])
        }
    }
}
