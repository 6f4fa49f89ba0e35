import ArgumentParser
import Glibc

/// The one binary.
@main
struct Alertgate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alertgate",
        abstract: "An alert gateway: events in, durable, folded into incidents.",
        discussion: """
            Commands that change something work with the daemon running and without it.

            Exit codes: 0 done; 1 refused, failed, or found to differ; 64 wrong usage; 69 the database or the gateway \
            cannot be used; 78 wrong configuration.
            """,
        subcommands: [
            Serve.self, CheckConfig.self, Migrate.self, ServiceCommand.self, IntegrationCommand.self,
            TokenCommand.self, Send.self, Incidents.self, SilenceCommand.self, InhibitionCommand.self,
            Explain.self, Verify.self, Simulate.self, RebuildCommand.self, Prune.self,
            BackupCommand.self, Restore.self, Recover.self,
            Status.self,
        ])

    /// Runs a command, and turns what it throws into one line on standard error and an exit code.
    static func main() async {
        keepFilesFromOthers()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            guard let failure = Failure(error) else { exit(withError: error) }
            failure.report()
            Glibc.exit(failure.code)
        }
    }

    /// Integration keys stand in the database, its log and its backups: no file that a command makes is readable for
    /// everybody, whatever the shell's own mask lets through.
    private static func keepFilesFromOthers() {
        umask(umask(0o777) | 0o027)
    }
}
