import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// Who is who, for each request.
@Suite(.timeLimit(.minutes(5))) struct DirectoryTests {
    private let temporary: TemporaryDatabase
    private let clock = ManualClock()

    init() throws {
        temporary = try TemporaryDatabase()
    }

    @Test func whatAnActionMadeIsKnownWhenItAnswers() async throws {
        let pipeline = try Pipeline.open(temporary.database, clock: clock)
        let id = try await pipeline.makeIntegration(key: "first-key")
        let directory = pipeline.directory
        func find(_ key: String) -> IntegrationID? { directory.integration(forKey: key, at: clock.now())?.id }
        #expect(find("first-key") == id)
        #expect(find("First-key") == nil && find("first-ke") == nil && find("") == nil && find("first-key\u{0}") == nil)
        try await pipeline.carryOut(
            .rotateIntegrationKey(id, key: "second-key", previousKeyExpiresAt: clock.now().adding(seconds: 60)))
        #expect(find("first-key") == id && find("second-key") == id)
        clock.advance(seconds: 60)
        #expect(find("first-key") == nil && find("second-key") == id)
        try await pipeline.carryOut(.rotateIntegrationKey(id, key: "third-key", previousKeyExpiresAt: nil))
        #expect(find("second-key") == nil && find("third-key") == id)
        try await pipeline.carryOut(.disableIntegration(id))
        #expect(directory.integration(forKey: "third-key", at: clock.now())?.disabledAt == clock.now())
        await pipeline.stop()
    }

    @Test func tokensAreKnownUntilTheyAreRevoked() async throws {
        let pipeline = try Pipeline.open(temporary.database, clock: clock)
        let hash = [UInt8](repeating: 9, count: 32)
        let id = try await pipeline.carryOut(.createToken(name: "ci", hash: hash, isReadOnly: true)).id
        #expect(pipeline.directory.token(forHash: hash)?.id == id)
        #expect(pipeline.directory.token(forHash: Array(hash.dropLast())) == nil)
        #expect(pipeline.directory.token(forHash: []) == nil)
        try await pipeline.carryOut(.revokeToken(id))
        #expect(pipeline.directory.token(forHash: hash) == nil)
        await pipeline.stop()
    }

    /// Which of two integrations comes first in a dictionary differs from run to run, so this is tried often.
    @Test func aFormerKeyThatRanOutDoesNotHideOneThatIsGood() {
        let now = clock.now()
        var hidden = 0
        for round in 0..<50 {
            var integrations: [Integration] = []
            for number in 1...8 {
                var integration = Integration(
                    id: IntegrationID(round * 8 + number), serviceID: 1, name: "I", key: "current-\(number)",
                    createdAt: now)
                integration.previousKey = "passed-on"
                integration.previousKeyExpiresAt = now.adding(seconds: number == 5 ? 60 : -60 * Int64(number))
                integrations.append(integration)
            }
            let directory = SettingsDirectory()
            directory.publish(FoldState(services: [], integrations: integrations, tokens: []))
            if directory.integration(forKey: "passed-on", at: now)?.id != IntegrationID(round * 8 + 5) { hidden += 1 }
        }
        #expect(hidden == 0)
    }

    @Test func settingsAreThereAtTheNextStart() async throws {
        var pipeline = try Pipeline.open(temporary.database, clock: clock)
        let id = try await pipeline.makeIntegration(key: "first-key")
        await pipeline.stop()
        pipeline = try Pipeline.open(temporary.database, clock: clock)
        #expect(pipeline.directory.integration(forKey: "first-key", at: clock.now())?.id == id)
        await pipeline.stop()
    }
}
