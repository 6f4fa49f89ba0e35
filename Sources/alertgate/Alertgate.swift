import ArgumentParser
import Gateway
import Glibc
import HTTPAPI

/// The one binary.
@main
struct Alertgate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alertgate",
        abstract: "An alert gateway that speaks PagerDuty's Events API and turns events into incidents.",
        discussion: """
            Commands that change something work with the daemon running and without it.

            Exit codes: 0 done; 1 refused, failed, found to differ, or the output could not be written; 64 wrong usage; 69 the database or the gateway \
            cannot be used; 78 wrong configuration.
            """,
        version: "alertgate \(BuildInfo.current.text)",
        subcommands: [
            Serve.self, CheckConfig.self, Migrate.self, ServiceCommand.self, IntegrationCommand.self,
            TokenCommand.self, Send.self, Incidents.self, SilenceCommand.self, InhibitionCommand.self,
            Explain.self, Verify.self, Simulate.self, RebuildCommand.self, Prune.self,
            BackupCommand.self, Restore.self, Recover.self,
            Status.self,
        ])

    /// Runs a command, and turns what it throws into one line on standard error and an exit code.
    static func main() async {
        StandardStreams.prepare()
        keepFilesFromOthers()
        var status: Int32 = 0
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            status = report(error)
        }
        if let failure = Output.finish() {
            failure.report()
            if status == 0 { status = failure.code }
        }
        Glibc.exit(status)
    }

    /// Says what was thrown, and gives the exit code. The argument parser throws also what was asked for: help, and scripts
    /// for shells.
    private static func report(_ error: any Error) -> Int32 {
        if let failure = Failure(error) {
            failure.report()
            return failure.code
        }
        let code = exitCode(for: error)
        let message = fullMessage(for: error)
        if !message.isEmpty {
            if code.isSuccess { Output.unescaped(message + "\n") } else { StandardError.write(message) }
        }
        return code.rawValue
    }

    /// Integration keys stand in the database, its log and its backups: no file that a command makes is readable for
    /// everybody, whatever the shell's own mask lets through.
    private static func keepFilesFromOthers() {
        umask(umask(0o777) | 0o027)
    }
}
