import Alerting
import ArgumentParser

extension InhibitionCommand {
    /// Makes an inhibition rule.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an inhibition rule: open alerts hold back newer ones.",
            discussion: """
                It is good for what triggers from now on: an alert that is open already holds others back from its next \
                trigger on. An alert that matches both sides is not held back by one that does so, too.

                Examples:
                  alertgate inhibition create --source 'class="host down"' \\
                      --target 'severity=~"warning|error"' --equal source
                  alertgate inhibition create --service databases \\
                      --source severity=critical --target 'severity!=critical' \\
                      --equal source,component --comment "one page is enough"
                """)

        @OptionGroup var sides: InhibitionSides

        @Option(help: "The name or id of the service of both alerts. Default: any, and they may differ.")
        var service: String?

        @Option(help: "The reason, at most 1024 characters.")
        var comment: SilenceComment?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: DatabaseOptions

        func run() throws {
            let draft = InhibitionRuleDraft(
                serviceID: try service.map { try ServiceCommand.find($0, options).id }, source: try sides.source(),
                target: try sides.target(), equal: try sides.equal(), comment: comment?.text ?? "")
            let id = try Change.perform(.createInhibitionRule(draft), in: options).id
            for line in try InhibitionCommand.lines([id], options) {
                if json { Output.json(line.json) } else { line.printFacts() }
            }
        }
    }
}
