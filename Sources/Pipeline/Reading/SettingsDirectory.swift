import Alerting
import Store
import Synchronization

/// Who is who, as the last applied event left it: integrations by key, tokens by hash. Asked for each request, without
/// the database.
public final class SettingsDirectory: Sendable {
    private struct Contents {
        var integrations: [Secret: (integration: Integration, goodUntil: Timestamp?)] = [:]
        var services: [ServiceID: Service] = [:]
        var tokens: [Secret: APIToken] = [:]
        var emails: Set<String> = []
        var state = FoldState()
    }

    private let contents = Mutex(Contents())

    /// An empty directory.
    public init() {}

    /// The integration with that key, current or former and still good, disabled ones included.
    public func integration(forKey key: String, at now: Timestamp) -> Integration? {
        let secret = Secret(bytes: Array(key.utf8))
        guard let found = contents.withLock({ $0.integrations[secret] }) else { return nil }
        if let goodUntil = found.goodUntil, goodUntil <= now { return nil }
        return found.integration
    }

    /// The token whose SHA-256 that is, unless it is revoked.
    public func token(forHash hash: [UInt8]) -> APIToken? {
        contents.withLock { $0.tokens[Secret(bytes: hash)] }
    }

    /// Whether a good token has that e-mail address, whatever the case of its letters.
    public func knows(email: String) -> Bool {
        contents.withLock { $0.emails.contains(email.lowercased()) }
    }

    /// The settings as a state: for what has to know silences and heartbeats, too.
    var settings: FoldState { contents.withLock { $0.state } }

    /// Takes over the settings of a state.
    func publish(_ state: FoldState) {
        var next = Contents()
        next.state = state
        next.services = state.services
        var integrations = state.integrations.values.filter { $0.deletedAt == nil }
        for index in integrations.indices {
            // A service that takes no events is one whose integrations take none.
            let service = next.services[integrations[index].serviceID]
            integrations[index].disabledAt = integrations[index].disabledAt ?? service?.disabledAt
        }
        for integration in integrations {
            guard let former = integration.previousKey, let goodUntil = integration.previousKeyExpiresAt else {
                continue
            }
            // A former key that ran out may have been another integration's since: the one that is good longest has it.
            let secret = Secret(bytes: Array(former.utf8))
            if let other = next.integrations[secret]?.goodUntil, other >= goodUntil { continue }
            next.integrations[secret] = (integration, goodUntil)
        }
        for integration in integrations {
            next.integrations[Secret(bytes: Array(integration.key.utf8))] = (integration, nil)
        }
        for token in state.tokens.values where token.revokedAt == nil {
            next.tokens[Secret(bytes: token.hash)] = token
            if let email = token.email { next.emails.insert(email.lowercased()) }
        }
        contents.withLock { $0 = next }
    }
}

/// A secret to look up by. Equality takes the same time wherever two secrets of one length differ.
private struct Secret: Hashable {
    let bytes: [UInt8]

    static func == (left: Secret, right: Secret) -> Bool {
        guard left.bytes.count == right.bytes.count else { return false }
        var difference: UInt8 = 0
        for index in left.bytes.indices { difference |= left.bytes[index] ^ right.bytes[index] }
        return difference == 0
    }
}
