import Foundation
import GatewayTesting
import Testing
import WireJSON

/// The real program, driven from outside. One test at a time, so that they do not take the machine from each other.
@Suite(.serialized) enum EndToEnd {}

/// A daemon that runs while the work does, and is gone with its files afterwards.
func withDaemon<Value: Sendable>(
    _ work: @escaping @Sendable (DaemonProcess) throws -> Value
) async throws -> Value {
    try await blocking {
        let daemon = try DaemonProcess()
        defer { daemon.remove() }
        try daemon.start()
        return try work(daemon)
    }
}

/// Where the repository is.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// Files that the senders under test are run with.
func sender(_ name: String) -> String { repository.appending(path: "Tests/Senders/\(name)").path }

/// A program of a Python environment that `scripts/prepare-senders` makes.
func senderProgram(_ name: String, of environment: String = ".venv-senders") throws -> String {
    let path = repository.appending(path: "\(environment)/bin/\(name)").path
    guard FileManager.default.isExecutableFile(atPath: path) else {
        throw ProgramFailure("\(path) is missing: run scripts/prepare-senders")
    }
    return path
}

/// The status of each incident, in order.
func statuses(_ incidents: [JSONValue]) -> [String] {
    incidents.map { incident in incident["status"]?.stringValue ?? "" }
}
