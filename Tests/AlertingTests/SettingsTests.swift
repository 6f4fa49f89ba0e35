import Alerting
import Testing

/// Services, integrations and tokens as the log makes them.
@Suite struct SettingsTests {
    @Test func aServiceNameIsTakenOnce() throws {
        var fold = FoldRecorder()
        let id = fold.createService("caf\u{E9}")
        #expect(
            fold.perform(.createService(ServiceSettings(name: "caf\u{E9}"))) == .refused(.serviceNameTaken, subject: id)
        )
        #expect(fold.perform(.createService(ServiceSettings(name: "cafe\u{301}"))) == .applied(nil))
        #expect(fold.perform(.createService(ServiceSettings(name: "Caf\u{E9}"))) == .applied(nil))
        #expect(fold.state.services.count == 3)
        #expect(fold.state.services[id]?.createdAt == Timestamp(milliseconds: 1_700_000_001_000))
    }

    @Test func anIntegrationNeedsAServiceAndAFreeKey() throws {
        var fold = FoldRecorder.withIntegration()
        #expect(
            fold.perform(.createIntegration(service: 999, name: "I", key: "abcdefgh", defaultSeverity: .info))
                == .refused(.unknownService, subject: 999))
        #expect(
            fold.perform(
                .createIntegration(
                    service: fold.service, name: "I", key: "0123456789abcdef", defaultSeverity: .info))
                == .refused(.integrationKeyTaken, subject: fold.integration))
        #expect(fold.state.integrations.count == 1)
        let id = fold.createIntegration("I", of: fold.service, key: "abcdefgh", defaultSeverity: .warning)
        let integration = try #require(fold.state.integrations[id])
        #expect(integration.serviceID == fold.service && integration.key == "abcdefgh" && integration.name == "I")
        #expect(integration.defaultSeverity == .warning && integration.disabledAt == nil)
        #expect(integration.createdAt == fold.now)
    }

    @Test func disablingAndEnabling() throws {
        var fold = FoldRecorder.withIntegration()
        let id = fold.integration
        #expect(fold.perform(.enableIntegration(id)) == .unchanged(nil))
        #expect(fold.perform(.disableIntegration(id)) == .applied(nil))
        let since = fold.now
        #expect(fold.perform(.disableIntegration(id)) == .unchanged(nil))
        #expect(fold.state.integrations[id]?.disabledAt == since)
        #expect(fold.perform(.enableIntegration(id)) == .applied(nil))
        #expect(fold.state.integrations[id]?.disabledAt == nil)
        #expect(fold.perform(.disableIntegration(999)) == .refused(.unknownIntegration, subject: 999))
        #expect(fold.perform(.enableIntegration(999)) == .refused(.unknownIntegration, subject: 999))
    }

    @Test func rotationWithoutGraceFreesTheOldKey() throws {
        var fold = FoldRecorder.withIntegration()
        let id = fold.integration
        #expect(fold.perform(.rotateIntegrationKey(id, key: "newkey00", previousKeyExpiresAt: nil)) == .applied(nil))
        let integration = try #require(fold.state.integrations[id])
        #expect(integration.key == "newkey00" && integration.previousKey == nil)
        #expect(integration.previousKeyExpiresAt == nil)
        let next = fold.createIntegration("Next", of: fold.service, key: "0123456789abcdef")
        #expect(fold.state.integrations[next] != nil)
    }

    @Test func rotationWithGraceKeepsTheOldKeyTakenUntilItRunsOut() throws {
        var fold = FoldRecorder.withIntegration()
        let id = fold.integration
        let expiry = fold.now.adding(seconds: 60)
        fold.perform(.rotateIntegrationKey(id, key: "newkey00", previousKeyExpiresAt: expiry))
        let integration = try #require(fold.state.integrations[id])
        #expect(integration.previousKey == "0123456789abcdef" && integration.previousKeyExpiresAt == expiry)
        let create = Action.Command.createIntegration(
            service: fold.service, name: "Next", key: "0123456789abcdef", defaultSeverity: .critical)
        #expect(fold.perform(create) == .refused(.integrationKeyTaken, subject: id))
        fold.apply(.unreadable(reason: "time passes"), at: expiry)
        #expect(fold.perform(create) == .applied(nil))
    }

    @Test func anIntegrationMayGoBackToItsFormerKey() throws {
        var fold = FoldRecorder.withIntegration()
        let id = fold.integration
        let expiry = fold.now.adding(seconds: 60)
        fold.perform(.rotateIntegrationKey(id, key: "newkey00", previousKeyExpiresAt: expiry))
        let back = Action.Command.rotateIntegrationKey(id, key: "0123456789abcdef", previousKeyExpiresAt: expiry)
        #expect(fold.perform(back) == .applied(nil))
        let integration = try #require(fold.state.integrations[id])
        #expect(integration.key == "0123456789abcdef" && integration.previousKey == "newkey00")
    }

    @Test func aKeyOfAnotherIntegrationCannotBeRotatedTo() {
        var fold = FoldRecorder.withIntegration()
        let other = fold.createIntegration("Other", of: fold.service, key: "otherkey")
        #expect(
            fold.perform(.rotateIntegrationKey(fold.integration, key: "otherkey", previousKeyExpiresAt: nil))
                == .refused(.integrationKeyTaken, subject: other))
        #expect(
            fold.perform(.rotateIntegrationKey(999, key: "somekey0", previousKeyExpiresAt: nil))
                == .refused(.unknownIntegration, subject: 999))
    }

    @Test func aFormerKeyThatAnotherHasTakenSinceIsNotGivenBack() {
        var fold = FoldRecorder.withIntegration()
        let expiry = fold.now.adding(seconds: 60)
        fold.perform(.rotateIntegrationKey(fold.integration, key: "newkey00", previousKeyExpiresAt: expiry))
        fold.apply(.unreadable(reason: "time passes"), at: expiry)
        let other = fold.createIntegration("Other", of: fold.service, key: "0123456789abcdef")
        #expect(
            fold.perform(
                .rotateIntegrationKey(fold.integration, key: "0123456789abcdef", previousKeyExpiresAt: nil))
                == .refused(.integrationKeyTaken, subject: other))
    }

    @Test func theRefusalNamesTheSameIntegrationWhateverTheClockDid() throws {
        for _ in 0..<20 {
            // A clock that was set back makes a former key good again that another integration has by now.
            var fold = FoldRecorder.withIntegration()
            let first = fold.integration
            let start = fold.now
            let expiry = fold.now.adding(seconds: 60)
            fold.perform(.rotateIntegrationKey(first, key: "newkey00", previousKeyExpiresAt: expiry))
            fold.apply(.unreadable(reason: "time passes"), at: expiry)
            _ = fold.createIntegration("Other", of: fold.service, key: "0123456789abcdef")
            fold.apply(.unreadable(reason: "the clock is set back"), at: start)
            let create = Action.Command.createIntegration(
                service: fold.service, name: "Third", key: "0123456789abcdef", defaultSeverity: .critical)
            #expect(fold.perform(create) == .refused(.integrationKeyTaken, subject: first))
        }
    }

    @Test func tokensAreCreatedAndRevokedOnce() throws {
        var fold = FoldRecorder()
        let hash = [UInt8](repeating: 7, count: 32)
        #expect(fold.perform(.createToken(name: "ci", hash: hash, isReadOnly: true)) == .applied(nil))
        let id = fold.lastID
        let token = try #require(fold.state.tokens[id])
        #expect(token.name == "ci" && token.hash == hash && token.isReadOnly && token.revokedAt == nil)
        #expect(fold.perform(.revokeToken(id)) == .applied(nil))
        let since = fold.now
        #expect(fold.perform(.revokeToken(id)) == .unchanged(nil))
        #expect(fold.state.tokens[id]?.revokedAt == since)
        #expect(fold.perform(.revokeToken(999)) == .refused(.unknownToken, subject: 999))
    }

    @Test func aTokenThatIsThereIsNotMadeASecondTime() {
        var fold = FoldRecorder()
        let hash = [UInt8](repeating: 7, count: 32)
        fold.perform(.createToken(name: "ci", hash: hash, isReadOnly: true))
        #expect(fold.perform(.createToken(name: "other", hash: hash, isReadOnly: false)) == .unchanged(nil))
        #expect(fold.state.tokens.count == 1)
    }

    @Test(arguments: [Int64(0), -1, .min])
    func aTimeoutThatIsNoTimeIsNever(seconds: Int64) throws {
        var fold = FoldRecorder()
        fold.perform(
            .createService(
                ServiceSettings(name: "S", acknowledgementTimeout: seconds, autoResolveTimeout: seconds)))
        let service = try #require(fold.state.services[fold.lastID])
        #expect(service.acknowledgementTimeout == nil && service.autoResolveTimeout == nil)
    }

    @Test func aDisabledIntegrationsAlertsStayReachable() {
        // Refusing events of a disabled integration is the listener's part; what is in the log is applied.
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        fold.perform(.disableIntegration(fold.integration))
        #expect(fold.send(.resolve).name == "resolved")
    }

    @Test func everySettingsChangeTellsThoseWhoLookKeysUp() {
        var fold = FoldRecorder.withIntegration()
        #expect(fold.state.changes.touchesSettings)
        fold.send(.trigger)
        #expect(!fold.state.changes.touchesSettings)
        fold.perform(.disableIntegration(fold.integration))
        #expect(fold.state.changes.touchesSettings)
        fold.perform(.disableIntegration(fold.integration))
        #expect(!fold.state.changes.touchesSettings)
    }
}
