import Alerting
import ArgumentParser
import WireJSON

extension InhibitionCommand {
    /// Deletes inhibition rules.
    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete inhibition rules. Alerts that nothing else holds back open their incidents.",
            discussion: "Example: alertgate inhibition delete P0003MV")

        @Argument(help: "The rules' ids or numbers.")
        var rules: [InhibitionReference]

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            var known: Set<InhibitionRuleID> = []
            let ids = rules.map(\.id).filter { known.insert($0).inserted }
            // One that cannot be deleted is found before any is.
            try InhibitionCommand.requireCurrent(ids, options)
            for id in ids {
                _ = try Change.perform(.deleteInhibitionRule(id), in: options)
                if !json { Output.line("\(ExternalID.string(.inhibitionRule, id)): deleted") }
            }
            if json { Output.json(.array(try InhibitionCommand.lines(ids, options).map(\.json))) }
        }
    }
}
