import Alerting
import ArgumentParser
import Pipeline
import Store
import WireJSON

extension SilenceCommand {
    /// Lists silences.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List silences that have not ended, the newest first, with how many alerts each holds back now.",
            discussion: "Example: alertgate silence list --all")

        /// More than there are at a time.
        private static let everything = PageRequest(limit: 100_000)

        @Flag(help: "Include those that have ended.")
        var all = false

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let filter = SilenceFilter(statuses: all ? nil : [.pending, .active], now: SystemClock().now())
            let lines = try options.read { connection in
                try SilenceLine.read(
                    try SilenceQueries.list(filter, page: List.everything, connection).elements, connection)
            }
            if json { Output.json(.array(lines.map(\.json))) } else { SilenceLine.printTable(lines) }
        }
    }
}
