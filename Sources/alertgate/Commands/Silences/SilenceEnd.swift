import Alerting
import ArgumentParser
import WireJSON

extension SilenceCommand {
    /// Ends silences.
    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End silences early. Alerts that nothing else holds back open their incidents.",
            discussion: "Example: alertgate silence end P0003MV")

        @Argument(help: "The silences' ids or numbers.")
        var silences: [SilenceReference]

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            var known: Set<SilenceID> = []
            let ids = silences.map(\.id).filter { known.insert($0).inserted }
            // One that cannot be ended is found before any is.
            try SilenceCommand.requireCurrent(ids, options)
            for id in ids {
                _ = try Change.perform(.endSilence(id), in: options)
                if !json { Output.line("\(ExternalID.string(.silence, id)): ended") }
            }
            if json { Output.json(.array(try SilenceCommand.lines(ids, options).map(\.json))) }
        }
    }
}
