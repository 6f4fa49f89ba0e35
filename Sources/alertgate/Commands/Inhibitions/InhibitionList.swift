import Alerting
import ArgumentParser
import Store
import WireJSON

extension InhibitionCommand {
    /// Lists inhibition rules.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List inhibition rules, the newest first, with how many alerts each holds back now.",
            discussion: "Example: alertgate inhibition list")

        /// More than there are at a time.
        private static let everything = PageRequest(limit: 100_000)

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let lines = try options.read { connection in
                try InhibitionLine.read(
                    try InhibitionRuleQueries.list(page: List.everything, connection).elements, connection)
            }
            if json { Output.json(.array(lines.map(\.json))) } else { InhibitionLine.printTable(lines) }
        }
    }
}
