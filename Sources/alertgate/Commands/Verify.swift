import ArgumentParser
import Pipeline
import WireJSON

/// Folds the log again and compares.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fold the log again beside the live tables and compare every row.",
        discussion: "Works while the daemon runs. Exit code 0 if all is the same, 1 if not.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let report = try Verification.run(options.database)
        if json {
            Output.json([
                "ok": .bool(report.isClean), "events": JSONValue(report.events), "rows": JSONValue(report.rows),
                "differences": .array(report.differences.map { .string($0) }),
                "damage": .array(report.damage.map { .string($0) }),
            ])
        } else {
            for line in report.damage { print("damaged: \(line)") }
            for line in report.differences { print(line) }
            print(
                "\(report.events) events folded, \(report.rows) rows compared: \(report.isClean ? "the same" : "not the same")"
            )
        }
        guard report.isClean else {
            throw Failure.refused("the tables are not what the log gives; stop the daemon and run `alertgate rebuild`")
        }
    }
}
