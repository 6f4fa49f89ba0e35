import Foundation
import Gateway
import Logging
import Testing

@Suite struct LogLineTests {
    /// What a logger of that form writes.
    private func written(_ format: LogFormat, threshold: Logger.Level = .trace, _ body: (Logger) -> Void) throws
        -> String
    {
        let pipe = Pipe()
        let writing = pipe.fileHandleForWriting
        let logger = Logger(label: "test") {
            StandardErrorLog(
                label: $0, format: format, threshold: StandardErrorLog.Threshold(threshold),
                descriptor: writing.fileDescriptor)
        }
        body(logger)
        try writing.close()
        return String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    }

    /// sd-daemon(3): `<N>` with the syslog priorities.
    @Test(arguments: [
        (Logger.Level.trace, 7), (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
    ])
    func theJournalGetsPriorities(_ level: Logger.Level, priority: Int) throws {
        let line = try written(.journal) { $0.log(level: level, "started", metadata: ["port": "8080"]) }
        #expect(line == "<\(priority)>started port=8080\n")
    }

    @Test func textHasTimeAndLevel() throws {
        let line = try written(.text) { $0.warning("slow disk", metadata: ["ms": "12", "path": "/a b"]) }
        let time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/
        let rest = try #require(line.prefixMatch(of: time).map { line[$0.range.upperBound...] })
        #expect(rest == " warning slow disk ms=12 path=\"/a b\"\n")
    }

    @Test func jsonIsAnObjectALine() throws {
        let value = "a\"b\\c\nd\u{2028}e\u{7f}\u{202e}é𝄞"
        let text = try written(.json) { $0.error("it \"broke\"", metadata: ["value": "\(value)", "level": "x"]) }
        #expect(text.hasSuffix("}\n") && text.split(separator: "\n").count == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
        #expect(object["level"] == "error")
        #expect(object["logger"] == "test")
        #expect(object["message"] == "it \"broke\"")
        #expect(object["value"] == value)
        #expect(object["field_level"] == "x")
        #expect(object["time"] != nil)
    }

    /// What senders send must not begin a line of its own, nor forge a priority, nor drive a terminal.
    @Test(arguments: [LogFormat.journal, .text, .json])
    func aValueCannotLeaveItsLine(_ format: LogFormat) throws {
        let evil = "x\n<0>forged\r\u{1b}[2J\u{85}\u{2028}\u{2029}\u{0}\u{202e}"
        let text = try written(format) { $0.info("message \(evil)", metadata: ["key\n": "\(evil)"]) }
        let body = text.dropLast().unicodeScalars
        #expect(text.hasSuffix("\n"))
        #expect(
            body.allSatisfy {
                ![.control, .lineSeparator, .paragraphSeparator, .format].contains($0.properties.generalCategory)
            })
    }

    @Test func theThresholdIsSharedAndCanChange() throws {
        let threshold = StandardErrorLog.Threshold(.warning)
        var handler = StandardErrorLog(label: "a", format: .text, threshold: threshold)
        #expect(handler.logLevel == .warning)
        threshold.current = .debug
        #expect(handler.logLevel == .debug)
        handler.logLevel = .error
        threshold.current = .info
        #expect(handler.logLevel == .error)
    }

    @Test func belowTheThresholdNothingIsWritten() throws {
        #expect(try written(.text, threshold: .warning) { $0.info("no") } == "")
    }

    @Test func theJournalIsNoticed() {
        #expect(LogFormat.auto.resolved(environment: [:]) == .text)
        #expect(LogFormat.auto.resolved(environment: ["JOURNAL_STREAM": "8:1"]) == .journal)
        #expect(LogFormat.json.resolved(environment: ["JOURNAL_STREAM": "8:1"]) == .json)
    }
}
