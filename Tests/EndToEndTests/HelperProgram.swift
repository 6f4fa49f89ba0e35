import Foundation
import GatewayTesting
import WireJSON

/// A helper under `Tests/Senders` that prints the port it listens on and runs until it is stopped.
struct HelperProgram {
    /// Where it listens.
    let port: Int
    private let program: RunningProgram

    init(_ name: String, _ arguments: [String], _ directory: TemporaryDirectory) throws {
        let program = try RunningProgram(
            senderProgram("python"), [sender(name)] + arguments, directory: directory.url.appending(path: "helpers"))
        try program.wait(for: "the port of \(name)") { program.standardOutput.hasSuffix("\n") }
        guard let port = Int(program.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ProgramFailure("\(name) printed no port: \(program.standardOutput)")
        }
        self.port = port
        self.program = program
    }

    func stop() { program.send(SIGKILL) }
}

/// A file under `Tests/Senders` with its capital-letter placeholders filled in.
func template(_ name: String, _ values: [String: String]) throws -> Data {
    var text = try String(contentsOfFile: sender(name), encoding: .utf8)
    for (placeholder, value) in values.sorted(by: { $0.key < $1.key }) {
        text = text.replacingOccurrences(of: placeholder, with: value)
    }
    return Data(text.utf8)
}

extension DaemonProcess {
    /// As `waitForIncidents`, and a failure tells what the sender said.
    @discardableResult
    func waitForIncidents(
        _ what: String, key: String? = nil, saying sender: RunningProgram, until condition: ([JSONValue]) throws -> Bool
    ) throws -> [JSONValue] {
        do {
            return try waitForIncidents(what, key: key, limit: 60, until: condition)
        } catch let failure as ProgramFailure {
            throw ProgramFailure("\(failure.description)\nthe sender: \(sender.standardOutput)\(sender.standardError)")
        }
    }
}
