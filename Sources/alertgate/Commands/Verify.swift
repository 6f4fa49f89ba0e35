import ArgumentParser
import Pipeline
import Store
import WireJSON

/// Folds the log again and compares.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fold the log again, apart from the live tables, and compare every row.",
        discussion: """
            Works while the daemon runs. Exit code 0 if all is the same, 1 if not. Names each event that this program \
            cannot read; if one of them had an effect, the exit code is 1, and `alertgate rebuild` would refuse.
            """)

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let report = try options.reportingDamage { try Verification.run($0) }
        if json {
            Output.json([
                "ok": .bool(report.isClean), "events": JSONValue(report.events), "rows": JSONValue(report.rows),
                "differences": .array(report.differences.map { .string($0) }),
                "damage": .array(report.damage.map { .string($0) }),
                "damaged_tables": .array(report.damagedTables.map { .string($0) }),
                "unreadable": .array(report.unreadable.map(UnreadableEventLine.json)),
            ])
        } else {
            for line in report.damage { Output.line("damaged: \(line)") }
            if !report.damagedTables.isEmpty {
                Output.line("damaged tables: \(report.damagedTables.joined(separator: ", "))")
            }
            for event in report.unreadable { Output.line("\(event)") }
            for line in report.differences { Output.line(line) }
            Output.line(
                "\(report.events) events folded, \(report.rows) rows compared: \(report.isClean ? "the same" : "not the same")"
            )
        }
        guard report.damage.isEmpty else {
            DatabaseLock.reportDamage(of: options.database.path)
            throw Failure.refused(
                "the file is damaged; stop the daemon, then `alertgate restore` a backup, or `alertgate recover`")
        }
        let lost = report.unreadableWithEffect.count
        guard lost == 0 else {
            throw Failure.refused(
                "of the events that had an effect, this program cannot read \(lost); do not rebuild the tables: "
                    + UnreadableEventsError.remedy)
        }
        guard report.isClean else {
            throw Failure.refused("the tables are not what the log gives; stop the daemon and run `alertgate rebuild`")
        }
    }
}
