import Testing

/// What docs/noise.md shows is what happens.
@Suite(.timeLimit(.minutes(5))) struct NoiseDocumentTests {
    @Test(arguments: try NoiseDocument.examples())
    func theExampleIsTrue(_ example: NoiseDocument.Example) async throws {
        try await TimelineRun.run(try TimelineScript(example))
    }

    /// Were the tag spelled otherwise, nothing would be run, and nothing be wrong.
    @Test func thereAreExamples() throws {
        #expect(try NoiseDocument.examples().count >= 8)
    }

    @Test(arguments: [
        "disk triggers", "trigger", "trigger disk severity=high", "trigger disk colour=red",
        "trigger disk severity!=info", "silence severity=info", "silence for 60 s", "silence severity=info for ever",
        "silence severity=~info info for 1 s", "inhibit severity=info", "inhibit severity=info while",
        "inhibit severity=info while class=host with equal", "group by colour", "group by any of time",
        "group by source for 5 parsecs", "storm above 2 a minute", "storm above 3, 2 a minute with quiet of 5 min",
        "end the silence now", "open:", "open: disk load", "open: disk +",
        "held back: disk,", "incidents so far: many", "at noon trigger disk", "at 1 s 1",
        "at 10 s open: disk\nat 9 s open: disk",
    ])
    func whatIsNotUnderstoodIsAnErrorWithItsLine(_ text: String) throws {
        let lines = text.split(separator: "\n").map(String.init)
        let document = "# Noise\n\n```timeline\n\(text)\n```\n"
        let example = try #require(try NoiseDocument.examples(in: document).first)
        let error = #expect(throws: TimelineSyntaxError.self) { try TimelineScript(example) }
        #expect(error?.line == 3 + lines.count)
    }

    @Test func anExampleWithoutAnEndIsAnError() {
        let error = #expect(throws: TimelineSyntaxError.self) {
            try NoiseDocument.examples(in: "```timeline\ntrigger disk\n")
        }
        #expect(error?.line == 2)
    }

    /// Nothing may pass because it was not compared.
    @Test(arguments: [
        "open: load", "open: disk, load", "open: disk + load", "nothing is open", "held back: disk",
        "incidents so far: 2", "outcome: deduplicated",
    ])
    func whatIsNotSoIsAnIssue(_ check: String) async throws {
        let script = try TimelineScript(NoiseDocument.Example(firstLine: 1, lines: ["trigger disk", check]))
        await withKnownIssue { try await TimelineRun.run(script) }
    }
}
