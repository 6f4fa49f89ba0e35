import ArgumentParser
import FoundationEssentials
import Gateway

/// Checks a configuration file.
struct CheckConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Check a configuration file, together with the environment.",
        discussion: "Example: alertgate check-config /etc/alertgate/alertgate.yaml")

    @Argument(help: "The configuration file, YAML.", completion: .file())
    var file: String

    func run() throws {
        _ = try SettingsLoader(file: file, environment: ProcessInfo.processInfo.environment).load()
        print("\(file): good")
    }
}
