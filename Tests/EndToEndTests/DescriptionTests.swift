import GatewayTesting
import Testing

extension EndToEnd {
    /// Schemathesis asks for everything that `/openapi.json` describes, with what it makes up, and compares the answers.
    @Suite struct DescriptionTests {
        /// What schemathesis makes up depends on nothing else, so that a failure comes again.
        private static let seed = 20_240_511

        @Test func theDaemonAnswersAsItSays() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let limits = "events:\n  unknown_keys_per_minute: 0\n"
                try daemon.configure(DaemonProcess.withoutLimits.replacing("events:\n", with: limits))
                try daemon.start()
                let result = try RunningProgram.run(
                    senderProgram("python", of: ".venv-openapi"),
                    [
                        sender("check_description.py"), "http://127.0.0.1:\(daemon.port)", daemon.key, daemon.token,
                        String(DescriptionTests.seed),
                    ], limit: 600)
                #expect(result.status == 0, "seed \(DescriptionTests.seed)\n\(result.output)\n\(result.errors)")
                try daemon.terminate()
                #expect(try daemon.run("verify").status == 0)
            }
        }
    }
}
