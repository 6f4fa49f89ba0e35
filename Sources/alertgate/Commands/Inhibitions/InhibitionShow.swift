import Alerting
import ArgumentParser
import Store
import WireJSON

extension InhibitionCommand {
    /// Shows an inhibition rule.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Show an inhibition rule with the alerts that it holds back now, the oldest first, and by which alert.",
            discussion: "Example: alertgate inhibition show P0003MV")

        /// More than are open at a time.
        private static let everything = PageRequest(limit: 100_000_000)

        @Argument(help: "The rule's id or number.")
        var rule: InhibitionReference

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let id = rule.id
            let (lines, held) = try options.read { connection in
                (try InhibitionCommand.lines([id], connection), try Show.alerts(heldBackBy: id, connection))
            }
            guard !json else {
                for line in lines {
                    Output.json(["inhibition_rule": line.json, "alerts": .array(held.map(\.json))])
                }
                return
            }
            for line in lines { line.printFacts() }
            guard !held.isEmpty else { return }
            Show.printTable(held)
        }

        private static func alerts(
            heldBackBy rule: InhibitionRuleID, _ connection: Connection
        ) throws -> [HeldBack] {
            let alerts = try InhibitionRuleQueries.alerts(heldBackBy: rule, page: everything, connection).elements
            let holders = try AlertQueries.alerts(Set(alerts.compactMap { $0.suppression?.subject }), connection)
            return alerts.map { alert in
                HeldBack(
                    alert: AlertLine(alert),
                    holder: alert.suppression.flatMap { holders[$0.subject] }.map { AlertLine($0) })
            }
        }

        /// Prints the alerts, and below them, each once, those that hold them back.
        private static func printTable(_ held: [HeldBack]) {
            Output.line("")
            Output.table(
                AlertLine.openTitles.dropLast() + ["HELD BACK BY"] + AlertLine.openTitles.suffix(1),
                held.map { $0.alert.openCells.dropLast() + [$0.holder?.id ?? ""] + $0.alert.openCells.suffix(1) },
                names: ["SOURCE", "KEY"])
            var known: Set<String> = []
            let holders = held.compactMap(\.holder).filter { known.insert($0.id).inserted }
            guard !holders.isEmpty else { return }
            Output.line("")
            Output.table(
                ["HELD BACK BY"] + AlertLine.openTitles.dropFirst(), holders.map(\.openCells), names: ["SOURCE", "KEY"])
        }
    }
}

/// An alert that another one holds back.
private struct HeldBack {
    var alert: AlertLine
    var holder: AlertLine?

    var json: JSONValue {
        .object(alert.members + [.init("held_back_by", holder?.json ?? .null)])
    }
}
