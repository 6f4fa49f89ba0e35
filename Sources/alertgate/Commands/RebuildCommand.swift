import ArgumentParser
import Pipeline
import WireJSON

/// Replaces the derived tables.
struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Rebuild the derived tables by folding the log again. The daemon must be stopped.",
        discussion: """
            In one transaction: it is done, or nothing is. The log itself is not touched, but for what retention has begun \
            to remove. Refused, with exit code 1, if this program cannot read an event that had an effect: the effect \
            would be lost.
            """)

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let events = try Rebuild.run(options.database)
        if json { Output.json(["events": JSONValue(events)]) } else { Output.line("\(events) events folded") }
    }
}
