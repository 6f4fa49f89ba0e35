import Foundation

/// How a program ended.
public struct ProgramResult: Sendable {
    /// The exit code; of a program that a signal ended, 128 and the signal's number, as in a shell.
    public let status: Int32
    /// What it wrote to standard output.
    public let output: String
    /// What it wrote to standard error.
    public let errors: String
}

/// A program did not do what a test waited for.
public struct ProgramFailure: Error, CustomStringConvertible {
    /// What was waited for, and what the program said.
    public let description: String

    /// A failure with its reason.
    public init(_ description: String) {
        self.description = description
    }
}

/// A real program in a process of its own, its output kept in files so that no pipe can fill up.
///
/// Waiting blocks: never on the cooperative pool.
public final class RunningProgram: @unchecked Sendable {
    // Foundation's Process is set up before it runs and then only asked; `ended` carries its end across threads.
    private let process = Process()
    private let ended = DispatchSemaphore(value: 0)
    private let output: URL
    private let errors: URL

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: the file, or a name to find on the PATH.
    ///   - environment: what is set besides the environment of the tests.
    ///   - input: what standard input reads; nothing by default.
    ///   - workingDirectory: where it runs; that of the tests by default.
    ///   - directory: where the files of its output go; made if missing.
    /// - Throws: what starting it throws.
    public init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], input: FileHandle? = nil,
        workingDirectory: URL? = nil, directory: URL
    ) throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let name = UUID().uuidString
        output = directory.appending(path: "\(name).out")
        errors = directory.appending(path: "\(name).err")
        for file in [output, errors] {
            guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
                throw ProgramFailure("cannot create \(file.path)")
            }
        }
        if path.contains("/") {
            process.executableURL = URL(filePath: path)
            process.arguments = arguments
        } else {
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [path] + arguments
        }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        if let workingDirectory { process.currentDirectoryURL = workingDirectory }
        process.standardInput = input ?? FileHandle.nullDevice
        let outputHandle = try FileHandle(forWritingTo: output)
        let errorHandle = try FileHandle(forWritingTo: errors)
        process.standardOutput = outputHandle
        process.standardError = errorHandle
        let ended = ended
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        try outputHandle.close()
        try errorHandle.close()
    }

    /// Runs a program to its end.
    ///
    /// - Throws: `ProgramFailure` if it runs for longer than `limit` seconds; what starting it throws.
    public static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
        limit: Int = 120
    ) throws -> ProgramResult {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        var handle: FileHandle?
        if let input {
            let file = directory.url.appending(path: "input")
            try Data(input.utf8).write(to: file)
            handle = try FileHandle(forReadingFrom: file)
        }
        let program = try RunningProgram(
            path, arguments, environment: environment, input: handle, directory: directory.url)
        return try program.result(within: limit)
    }

    /// The end of the program.
    ///
    /// - Throws: `ProgramFailure` if it runs for longer than `limit` seconds; it is killed then.
    public func result(within limit: Int = 60) throws -> ProgramResult {
        guard ended.wait(timeout: .now() + .seconds(limit)) == .success else {
            send(SIGKILL)
            ended.wait()
            ended.signal()
            throw ProgramFailure("still running after \(limit) s: \(arguments)\n\(standardOutput)\(standardError)")
        }
        ended.signal()  // Asking again gives the same.
        let signal = process.terminationReason == .uncaughtSignal
        return ProgramResult(
            status: signal ? 128 + process.terminationStatus : process.terminationStatus,
            output: standardOutput, errors: standardError)
    }

    /// Whether it still runs.
    public var isRunning: Bool { process.isRunning }

    /// Its process id.
    public var processID: Int32 { process.processIdentifier }

    /// Sends a signal, if it still runs.
    public func send(_ signal: Int32) {
        if process.isRunning { kill(process.processIdentifier, signal) }
    }

    /// What it wrote to standard output until now.
    public var standardOutput: String { Self.text(output) }

    /// What it wrote to standard error until now.
    public var standardError: String { Self.text(errors) }

    /// Waits until the program or something it serves is as wanted, asking every 20 ms.
    ///
    /// - Throws: `ProgramFailure` after `limit` seconds, or as soon as the program ends.
    public func wait(for what: String, limit: Int = 60, until condition: () throws -> Bool) throws {
        let end = Date().addingTimeInterval(Double(limit))
        while try !condition() {
            guard isRunning else {
                let result = try result()
                throw ProgramFailure("ended with \(result.status) before \(what): \(result.errors)\(result.output)")
            }
            guard Date() < end else { throw ProgramFailure("no \(what) in \(limit) s: \(standardError)") }
            usleep(20_000)
        }
    }

    private var arguments: String { (process.arguments ?? []).joined(separator: " ") }

    private static func text(_ file: URL) -> String {
        // The folder may be gone already when a message is made.
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        // Piece by piece to the end: the program may be writing, and Data(contentsOf:) crashed in a copy of a file that grew.
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &piece, piece.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }
}

/// A folder of its own under the system's folder for temporary files.
public struct TemporaryDirectory: Sendable {
    /// Where it is.
    public let url: URL

    /// Makes one.
    ///
    /// - Throws: what the file system throws.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "alertgate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// Removes it, unless `KEEP_DB` is set: then it prints where it is.
    public func remove() {
        if ProcessInfo.processInfo.environment["KEEP_DB"] != nil {
            print("kept: \(url.path)")
            return
        }
        // A folder that cannot be removed is left to the system.
        try? FileManager.default.removeItem(at: url)
    }
}
