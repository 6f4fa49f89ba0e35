import Foundation
import Testing

/// How a program ended, and what it wrote.
struct Ended: CustomStringConvertible {
    var status: Int32
    var output: String
    var errors: String

    var description: String { "status \(status)\n--- output\n\(output)\n--- errors\n\(errors)" }

    /// The output as a JSON object.
    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any], "\(self)")
    }

    /// The output as a JSON array of objects.
    func array() throws -> [[String: Any]] {
        try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]], "\(self)")
    }
}

/// A program that runs; its output goes to files, so that it never waits for a reader.
final class Running: Sendable {
    private let process: Process
    private let folder: TemporaryFolder
    private let ended: AsyncStream<Int32>

    init(
        _ program: URL, _ arguments: [String], environment: [String: String] = [:], input: String = "",
        workingIn directory: URL = Project.root
    ) throws {
        folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = directory
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ALERTGATE_") }
        process.environment = inherited.merging(environment) { _, new in new }
        process.standardInput = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: try folder.write(input, to: "input")))
        process.standardOutput = FileHandle(forWritingAtPath: try folder.write("", to: "output"))
        process.standardError = FileHandle(forWritingAtPath: try folder.write("", to: "errors"))
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        ended = stream
        process.terminationHandler = { process in
            continuation.yield(process.terminationReason == .exit ? process.terminationStatus : -1)
            continuation.finish()
        }
        self.process = process
        try process.run()
    }

    /// A test that failed before the end leaves nothing running.
    deinit {
        if process.isRunning { signal(SIGKILL) }
    }

    /// Waits for the end.
    func end() async throws -> Ended {
        var iterator = ended.makeAsyncIterator()
        let status = try #require(await iterator.next())
        return Ended(status: status, output: try written("output"), errors: try written("errors"))
    }

    /// Sends a signal.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// What it has written so far to `output` or `errors`.
    func written(_ name: String) throws -> String {
        // Piece by piece: the program may be writing, and Foundation's reading of a whole file crashed on one that grew.
        let descriptor = open(folder.path(name), O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0, "\(name): errno \(errno)")
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &piece, piece.count)
            try #require(count >= 0, "\(name): errno \(errno)")
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }
}

/// Runs a program to its end.
func run(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:], input: String = ""
) async throws -> Ended {
    try await Running(program, arguments, environment: environment, input: input).end()
}

/// Runs a command that is found on the PATH.
func run(_ command: String..., environment: [String: String] = [:]) async throws -> Ended {
    try await run(URL(fileURLWithPath: "/usr/bin/env"), command, environment: environment)
}

/// Runs `alertgate`.
func alertgate(
    _ arguments: String..., environment: [String: String] = [:], input: String = ""
) async throws -> Ended {
    try await run(try Project.program, arguments, environment: environment, input: input)
}
