import Alerting
import ArgumentParser
import Pipeline

extension SilenceCommand {
    /// Sets a silence.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a silence, or, with --preview, show what it would have held back.",
            discussion: """
                Examples:
                  alertgate silence create --incident 4711 --for 2h
                  alertgate silence create --matcher 'source=~"db-.*"' --for 1d --preview
                  alertgate silence create --service databases --all \\
                      --starts 2026-01-31T22:00Z --until 2026-02-01T02:00Z
                  alertgate silence create --service backups --all --for 3h \\
                      --repeat 'FREQ=WEEKLY;BYDAY=SU' --at 2026-02-01T02:00 \\
                      --time-zone Europe/Berlin --comment "weekly restore"
                """)

        /// How long a silence of an incident is, unless it is told.
        private static let incidentSeconds = DurationLimit.usualIncidentSilence

        @OptionGroup var scope: SilenceScope
        @OptionGroup var times: SilenceTimes

        @Option(help: "The reason, at most 1024 characters.")
        var comment: SilenceComment?

        @Flag(help: "Change nothing; show what it would have held back in the last 24 hours.")
        var preview = false

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func validate() throws {
            guard times.haveEnd || scope.incident != nil else {
                throw ValidationError("When shall it end? Give --for, --until or --until-time.")
            }
        }

        func run() throws {
            let now = SystemClock().now()
            let window = try times.window(at: now, otherwise: Create.incidentSeconds)
            let (serviceID, matchers) = try scope.resolved(in: options)
            let draft = SilenceDraft(
                serviceID: serviceID, matchers: matchers, window: window, recurrence: try times.recurrence(),
                comment: comment?.text ?? "", isMaintenance: scope.isMaintenance)
            guard !preview else {
                let report = try SilencePreviewReport.read(draft, at: now, options)
                if json { Output.json(report.json) } else { report.print() }
                return
            }
            let id = try Change.perform(.createSilence(draft), in: options).id
            for line in try SilenceCommand.lines([id], options) {
                if json { Output.json(line.json) } else { line.printFacts() }
            }
        }
    }
}
