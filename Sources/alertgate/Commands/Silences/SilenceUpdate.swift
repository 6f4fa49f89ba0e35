import Alerting
import ArgumentParser
import Pipeline
import WireJSON

extension SilenceCommand {
    /// Changes a silence.
    struct Update: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change the end or the comment of a silence.",
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

        @Option(
            name: .customLong("until-time"),
            help: ArgumentHelp(
                "The time of day when it ends, by the clock of --time-zone: 06:00.", valueName: "time of day"))
        var untilTime: ClockTime?

        @Option(
            help: ArgumentHelp(
                "The zone whose clock --until-time means, such as Europe/Berlin. Default: UTC.", valueName: "zone"))
        var timeZone: String?

        @Option(help: "The reason, at most 1024 characters.")
        var comment: SilenceComment?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func validate() throws {
            guard [duration != nil, end != nil, untilTime != nil].count(where: { $0 }) < 2 else {
                throw ValidationError("--for, --until and --until-time exclude each other.")
            }
            guard timeZone == nil || untilTime != nil else {
                throw ValidationError("--time-zone goes with --until-time only.")
            }
            guard duration != nil || end != nil || untilTime != nil || comment != nil else {
                throw ValidationError("There is nothing to change.")
            }
            _ = try clockEnd(after: Timestamp(milliseconds: 0))
        }

        private func clockEnd(after moment: Timestamp) throws -> Timestamp? {
            try untilTime.map { try SilenceTimes.end($0, after: moment, timeZone: timeZone) }
        }

        func run() throws {
            let id = silence.id
            try SilenceCommand.requireCurrent([id], options)
            let now = SystemClock().now()
            let end = try end?.timestamp ?? duration.map { now.adding(seconds: $0.seconds) } ?? clockEnd(after: now)
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
