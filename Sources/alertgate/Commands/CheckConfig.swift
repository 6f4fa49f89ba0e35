import ArgumentParser
import FoundationEssentials
import Gateway
import WireJSON

/// Checks a configuration file.
struct CheckConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Check a configuration file and the environment, and print the settings in force.",
        discussion: """
            It refuses what `alertgate serve` refuses, for the user that runs it: certificates and keys are loaded, the \
            database's folder must be there and writable, and the addresses must be this machine's. Nothing is changed, and \
            the daemon may run.

            Examples:
              alertgate check-config /etc/alertgate/alertgate.yaml
              generate-config | alertgate check-config -
            """)

    @Argument(help: "The configuration file, YAML; - reads standard input.", completion: .file())
    var file: String

    @Flag(help: "Print the settings in force as JSON.")
    var json = false

    func run() throws {
        let settings = try SettingsLoader(file: file, environment: ProcessInfo.processInfo.environment).loadForStart()
        let defaults = Settings()
        let rows = SettingDefinition.all.map { definition in
            (definition.key, definition.value(in: settings), definition.value(in: defaults))
        }
        guard !json else {
            return Output.json(.object(rows.map { JSONValue.Member($0.0, .string($0.1)) }))
        }
        Output.line("\(file == "-" ? "standard input" : file): good")
        Output.table(
            ["SETTING", "DEFAULT", "IN FORCE"], rows.map { [$0.0, $0.1 == $0.2 ? "" : $0.2, $0.1] })
    }
}
