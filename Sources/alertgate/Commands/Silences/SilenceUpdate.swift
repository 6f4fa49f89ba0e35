import Alerting
import ArgumentParser
import Pipeline
import WireJSON

extension SilenceCommand {
    /// Changes a silence.
    struct Update: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a silence another end or another comment.",
            discussion: """
                Of a silence that comes back, the end is that of the window that is in force or comes next; those after \
                it stay as they are.

                Example: alertgate silence update P0003MV --for 2h
                """)

        @Argument(help: "The silence's id or number.")
        var silence: SilenceReference

        @Option(
            name: .customLong("for"),
            help: ArgumentHelp(
                "How long it goes on, counted from now: 1 second to 366 days, as 90s, 2h, 1d.", valueName: "time"))
        var duration: SilenceDuration?

        @Option(
            name: .customLong("until"),
            help: ArgumentHelp("When it ends, in ISO 8601: 2026-01-31T22:00Z.", valueName: "moment"))
        var end: Moment?

        @Option(help: "Why, at most 1024 characters.")
        var comment: SilenceComment?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func validate() throws {
            guard duration == nil || end == nil else { throw ValidationError("--for and --until exclude each other.") }
            guard duration != nil || end != nil || comment != nil else {
                throw ValidationError("There is nothing to change.")
            }
        }

        func run() throws {
            let id = silence.id
            try SilenceCommand.requireCurrent([id], options)
            let end = end?.timestamp ?? duration.map { SystemClock().now().adding(seconds: $0.seconds) }
            let update = SilenceUpdate(end: end, comment: comment?.text)
            let didChange = try Change.perform(.updateSilence(id, update), in: options).didChange
            for line in try SilenceCommand.lines([id], options) {
                if json {
                    Output.json(.object(line.members + [.init("changed", .bool(didChange))]))
                } else {
                    line.printFacts()
                }
            }
        }
    }
}
