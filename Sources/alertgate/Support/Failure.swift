import Alerting
import Gateway
import Glibc
import HTTPAPI
import HTTPServer
import Pipeline
import Store

/// Why a command ends without having done its work: a line for a person, and the exit code of sysexits(3).
struct Failure: Error {
    /// What is wrong, and what to do.
    var message: String
    /// 1, 64, 69 or 78.
    var code: Int32

    /// The work was refused, or failed.
    static func refused(_ message: String) -> Failure { Failure(message: message, code: 1) }

    /// The arguments make no sense together.
    static func usage(_ message: String) -> Failure { Failure(message: message, code: 64) }

    /// Something that is needed does not answer now; trying again may help.
    static func unavailable(_ message: String) -> Failure { Failure(message: message, code: 69) }

    private init(message: String, code: Int32) {
        self.message = message
        self.code = code
    }

    /// What an error means for the command line; nil for those of the argument parser, which reports its own.
    init?(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as ConfigurationError: self.init(message: error.description, code: 78)
        case let error as StoreError: self.init(message: error.description, code: 69)
        case let error as SQLiteError: self.init(message: "the database failed: \(error.message)", code: 69)
        case let error as LimitError: self.init(message: error.description, code: 64)
        case let error as UnreadableEventsError: self.init(message: error.description, code: 1)
        case let error as ListenerError: self.init(message: error.description, code: 69)
        case let error as InheritedSockets.Malformed: self.init(message: error.description, code: 78)
        case is WaitError:
            self.init(
                message: "the daemon has not applied it in time; it is in the log, and will be applied", code: 69)
        default: return nil
        }
    }

    /// Writes the message to standard error, each line with the program's name before it.
    func report() {
        for line in message.split(separator: "\n") { StandardError.write("alertgate: \(line)") }
    }
}

/// Standard error, line by line.
enum StandardError {
    static func write(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        // There is nobody left to tell if this fails.
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
