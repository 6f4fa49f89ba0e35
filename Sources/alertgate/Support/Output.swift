import Alerting
import ArgumentParser
import FoundationEssentials
import Glibc
import Synchronization
import WireJSON

/// What commands print. All of it goes through here: an output that fails ends the command with exit code 1.
enum Output {
    private static let stream = Mutex(StandardOutput())
    /// Whether the failure was reported, so that it is reported once.
    private static let isReported = Atomic(false)

    /// Prints JSON on one line.
    static func json(_ value: JSONValue) {
        line(String(decoding: value.serialized(), as: UTF8.self))
    }

    /// Prints text. What drives a terminal stands in it as JSON would escape it, so that JSON stays what it is.
    static func line(_ text: String) {
        unescaped(escaped(text) + "\n")
    }

    /// Prints a text as it is, without a line break behind it: help, and the scripts for shells.
    static func unescaped(_ text: String) {
        stream.withLock { $0.write(text) }
    }

    /// Prints a table that fits the terminal, if there is one. A status has its colour; the columns of names give way
    /// where there is little room.
    static func table(_ titles: [String], _ rows: [[String]], names: Set<String> = ["SERVICE", "NAME", "E-MAIL"]) {
        let showsColours = Terminal.showsColours
        let lines = TextTable(titles: titles, rows: rows).lines(width: Terminal.width, names: names) { title, cell in
            guard showsColours, title == "STATUS", let colour = Colour(status: cell) else { return cell }
            return colour.paint(cell)
        }
        unescaped(lines.map { $0 + "\n" }.joined())
    }

    /// Makes sure that everything that was printed has arrived: on the disk, if standard output is a file. Throws a
    /// `Failure` if it has not.
    static func requireWritten() throws {
        let error = stream.withLock { stream in
            stream.synchronize()
            return stream.errorNumber
        }
        if let error { throw failure(error) }
    }

    /// Closes standard output at the end of the program. Gives the failure if something was not written and no command
    /// has reported that.
    static func finish() -> Failure? {
        let error = stream.withLock { stream in
            stream.close()
            return stream.errorNumber
        }
        guard let error, !isReported.load(ordering: .relaxed) else { return nil }
        var failure = Output.failure(error)
        failure.message += "; the output is incomplete, changes that the command made stay"
        return failure
    }

    /// Prints, by `print`, a secret that is shown this once. If it cannot be written, nobody knows the secret: then `undo`
    /// removes what it belongs to, and a `Failure` is thrown that says so. `thing` is what it belongs to, for people.
    static func once(_ thing: String, print: () -> Void, undo: () throws -> Void) throws {
        print()
        do {
            try requireWritten()
        } catch var failure as Failure {
            do {
                try undo()
                failure.message += "; \(thing) was removed again"
            } catch {
                let reason = Failure(error)?.message ?? "\(error)"
                failure.message += "; \(thing) exists, but its secret is lost, and removing it failed: \(reason)"
            }
            throw failure
        }
    }

    private static func failure(_ error: Int32) -> Failure {
        isReported.store(true, ordering: .relaxed)
        return .refused("cannot write to standard output: " + String(cString: strerror(error)))
    }

    /// A time as ISO 8601 in UTC, to the second.
    static func time(_ time: Timestamp?) -> String {
        guard let time else { return "" }
        return Date(timeIntervalSince1970: Double(time.milliseconds) / 1000).formatted(.iso8601)
    }

    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: drivesTerminal) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            guard drivesTerminal(scalar) else {
                result.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }
        }
        return result
    }

    private static func drivesTerminal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n" && scalar != "\t"
        // Format characters can turn the reading direction of what follows.
        case .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension CompletionKind {
    /// The severities.
    static var severities: CompletionKind { .list(Severity.allCases.map(\.rawValue)) }
}
