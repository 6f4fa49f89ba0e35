import ArgumentParser

/// The programs that `make bench` runs beside alertgate.
@main
struct AlertgateBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alertgate-bench", abstract: "What alertgate is measured against, and prepared databases.",
        subcommands: [
            Answer.self, BareServer.self, ServeWithLimits.self, InsertAlone.self, Fill.self, FoldBacklog.self,
            Count.self,
        ])
}
