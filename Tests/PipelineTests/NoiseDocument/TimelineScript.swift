/// A worked example, read: what happens when, and how things have to stand then.
///
/// A line is `at`, a time since the beginning and a statement, or one of the two alone. Empty lines, and lines that begin
/// with `#`, say nothing. The statements are those of `TimelineStatement`.
struct TimelineScript {
    /// A line that says something.
    struct Step {
        /// Where it stands in the document, counted from 1.
        var line: Int
        /// Until when time passes first, in seconds since the beginning; nil where none does.
        var moment: Int64?
        /// What happens, or has to be so; nil where the line only lets time pass.
        var statement: TimelineStatement?
    }

    /// The lines in their order.
    let steps: [Step]

    /// Reads an example. Throws, with the line's number, for a line that is none of the language, and for one that goes
    /// back in time.
    init(_ example: NoiseDocument.Example) throws {
        var steps: [Step] = []
        var now: Int64 = 0
        for (index, line) in example.lines.enumerated() {
            let number = example.firstLine + index
            do {
                guard let step = try TimelineScript.step(line, number: number) else { continue }
                if let moment = step.moment {
                    guard moment >= now else { throw TimelineSyntaxError("this is earlier than the line before") }
                    now = moment
                }
                steps.append(step)
            } catch let error as TimelineSyntaxError {
                throw TimelineSyntaxError(error.reason, line: number)
            }
        }
        self.steps = steps
    }

    /// The step that a line is; nil where it says nothing.
    private static func step(_ line: String, number: Int) throws -> Step? {
        var text = TimelineText(line)
        guard !text.isAtEnd, !line.hasPrefix("#") else { return nil }
        let moment = text.take("at") ? try text.duration() : nil
        let statement = text.isAtEnd ? nil : try TimelineStatement(&text)
        guard text.isAtEnd else { throw TimelineSyntaxError("this is too much: \(text.remainder)") }
        return Step(line: number, moment: moment, statement: statement)
    }
}

/// Why an example cannot be read.
struct TimelineSyntaxError: Error, CustomStringConvertible {
    /// What is wrong.
    var reason: String
    /// In which line of the document, counted from 1; nil while that is not known.
    var line: Int?

    init(_ reason: String, line: Int? = nil) {
        self.reason = reason
        self.line = line
    }

    var description: String { line.map { "docs/noise.md:\($0): \(reason)" } ?? reason }
}
