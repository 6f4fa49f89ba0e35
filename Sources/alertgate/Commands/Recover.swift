import ArgumentParser
import Pipeline
import Store
import WireJSON

/// Saves what a damaged database still holds.
struct Recover: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Recover the readable part of a damaged database's log into a new database. The daemon must be stopped.",
        discussion: """
            The damaged file is only read. Services, integrations, tokens, incidents and all else come from the log. \
            Exit code 1 where some of it could not be read: damaged events are left out, and events that this program does \
            not know are saved without an effect.
            """)

    @Argument(help: "The new database file; it must not exist.")
    var file: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let report = try Recovery.run(from: options.database, into: Database(path: file))
        if json {
            Output.json([
                "events": JSONValue(report.events),
                "gaps": .array(
                    report.gaps.map { ["first": JSONValue($0.lowerBound), "last": JSONValue($0.upperBound)] }),
                "unreadable": .array(report.unreadable.map(UnreadableEventLine.json)),
            ])
        } else {
            for event in report.unreadable { Output.line("\(event)") }
            Output.line("\(report.events) events saved into \(file)")
        }
        guard report.gaps.isEmpty else {
            let shown = report.gaps.prefix(5).map { "\($0.lowerBound) to \($0.upperBound)" }.joined(separator: ", ")
            throw Failure.refused(
                "not everything could be read: the events \(shown)\(report.gaps.count > 5 ? ", ..." : "") are missing")
        }
        guard report.unreadable.isEmpty else {
            throw Failure.refused(
                "of the events that were saved, this program cannot read \(report.unreadable.count); they have no effect in "
                    + "\(file) until the alertgate that wrote them rebuilds it")
        }
    }
}
