import Alerting
import WireJSON

/// A request body that is one JSON object, before its key and its fields are judged.
///
/// The order of refusals wants the steps apart: parse, find the key, look at the throttle (which needs the action),
/// then check the fields. Nothing here knows a clock, a key or a database.
public struct EventDocument: Sendable {
    /// The version that the path or, on the shared address, the body tells.
    public let version: APIVersion
    /// False where the version was guessed for want of any action (events-api.md section 4, steps 5 to 7).
    public let isVersionCertain: Bool
    /// What the event asks for; nil where that is blank or not in the list, and in change events.
    public let action: EventAction?
    /// Whether the body was not UTF-8 and was read as ISO 8859-1.
    public let isLatin1: Bool
    let scanned: ScannedBody
    /// What a V1 event was made of.
    private let nagios: NagiosForm?

    /// What is to be stored: the sender's bytes, or the same text in UTF-8 if they were ISO 8859-1,
    /// or the V1 event that a form became.
    public var body: [UInt8] { scanned.bytes }

    /// Parses a body and tells its version.
    ///
    /// - Parameter body: at most `EventLimits.maximumBodyBytes`, which the caller has checked.
    /// - Throws: a parse error (events-api.md section 7.3), or 413 for a form that becomes a V1 event longer than any.
    public init(body: [UInt8], endpoint: Endpoint) throws(EventRejection) {
        (scanned, isLatin1, nagios) = try EventDocument.read(body, endpoint)
        switch endpoint {
        case .v1, .nagios: (version, isVersionCertain) = (.v1, true)
        case .v2: (version, isVersionCertain) = (.v2, true)
        case .change: (version, isVersionCertain) = (.change, true)
        case .shared: (version, isVersionCertain) = scanned.detectVersion()
        }
        action =
            switch version {
            case .v1: Text.named(scanned.text(scanned.members.eventType))
            case .v2: Text.named(scanned.text(scanned.members.eventAction))
            case .change: nil
            }
    }

    private static func read(
        _ body: [UInt8], _ endpoint: Endpoint
    ) throws(EventRejection) -> (ScannedBody, isLatin1: Bool, NagiosForm?) {
        let form = endpoint == .nagios ? NagiosForm(body) : nil
        let json = form?.v1Body() ?? body
        guard endpoint != .nagios || form != nil else { throw .parseError(endpoint) }
        guard json.count <= EventLimits.maximumBodyBytes else { throw .tooLarge }
        do {
            let (scanned, isLatin1) = try ScannedBody.reading(json)
            return (scanned, form?.isLatin1 ?? isLatin1, form)
        } catch {
            throw .parseError(endpoint)
        }
    }

    /// The answer to this event when its key has sent too many: 403 only if it is certainly V1.
    public func throttledRejection() -> EventRejection {
        .throttled(isVersionCertain ? version : .v2)
    }

    /// The key that decides: the first that is not blank, in the order of events-api.md section 2. Nil if none is
    /// given, which is `missingKeyRejection`.
    ///
    /// - Parameters:
    ///   - query: what `IntegrationKeyQuery.value` found.
    ///   - path: the segment of the path, percent-decoded, on the two paths that have one.
    ///   - header: the value of `X-Routing-Key`.
    public func key(query: String?, path: String?, header: String?) -> KeyCandidate? {
        if let value = query, !Text.isBlank(value) { return KeyCandidate(value: value, origin: .query) }
        if let value = path, !Text.isBlank(value) { return KeyCandidate(value: value, origin: .path) }
        let ownKey = version == .v1 ? scanned.members.serviceKey : scanned.members.routingKey
        let otherKey = version == .v1 ? scanned.members.routingKey : scanned.members.serviceKey
        if let value = scanned.text(ownKey) ?? scanned.text(otherKey) {
            return KeyCandidate(value: value, origin: .body)
        }
        if let value = header, !Text.isBlank(value) { return KeyCandidate(value: value, origin: .header) }
        return nil
    }

    /// The key that stands in the body, in either version's member; nil where both are blank. Only to notice that it
    /// differs from the one that decides.
    public var bodyKey: String? {
        scanned.text(scanned.members.routingKey) ?? scanned.text(scanned.members.serviceKey)
    }

    /// The answer where no key is given: the key error, then every field error.
    public func missingKeyRejection() -> EventRejection {
        let error = version == .v1 ? "Service key is missing or blank" : "'routing_key' cannot be blank"
        return .invalidEvent([error] + fieldErrors(), reason: .missingKey)
    }

    /// The answer where that key is not known: the key errors, then every field error. Only a key from the body is
    /// told what is wrong with its shape.
    public func unknownKeyRejection(_ candidate: KeyCandidate) -> EventRejection {
        .invalidEvent(keyErrors(candidate) + fieldErrors(), reason: .unknownKey)
    }

    /// Checks the fields of an event whose key is known.
    ///
    /// - Parameters:
    ///   - integrationID: the integration that the key belongs to.
    ///   - generatedKey: 16 random bytes, asked for only where a trigger has no dedup key of its own.
    /// - Throws: every broken rule, in the order of the fields (events-api.md sections 5 and 7.3).
    public func accept(
        integrationID: IntegrationID, generatedKey: () -> [UInt8]
    ) throws(EventRejection) -> AcceptedEvent {
        switch version {
        case .v1: try acceptAlert(draftV1(), .v1, integrationID, generatedKey)
        case .v2: try acceptAlert(scanned.draftV2(action), .v2, integrationID, generatedKey)
        case .change: try acceptChange(scanned.draftChange(), integrationID)
        }
    }

    private func draftV1() -> AlertDraft {
        var draft = scanned.draftV1(action)
        nagios?.complete(&draft, action)
        return draft
    }

    private func fieldErrors() -> [String] {
        switch version {
        case .v1: draftV1().errors
        case .v2: scanned.draftV2(action).errors
        case .change: scanned.draftChange().errors
        }
    }

    private func keyErrors(_ candidate: KeyCandidate) -> [String] {
        var errors: [String] = []
        if candidate.origin == .body {
            if candidate.value.unicodeScalars.count != 32 {
                errors.append(
                    version == .v1
                        ? "Service key is the wrong length (should be 32 characters)"
                        : "Length of 'routing_key' is incorrect (should be 32 characters)")
            }
            if version != .v1, !candidate.value.unicodeScalars.allSatisfy(isAlphanumeric) {
                errors.append("'routing_key' cannot contain non-alphanumeric characters.")
            }
        }
        guard errors.isEmpty else { return errors }
        return [version == .v1 ? "Service key is invalid" : "Invalid routing key"]
    }

    private func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "A"..."Z", "a"..."z": true
        default: false
        }
    }

    private func acceptAlert(
        _ draft: AlertDraft, _ version: EventVersion, _ integrationID: IntegrationID, _ generatedKey: () -> [UInt8]
    ) throws(EventRejection) -> AcceptedEvent {
        guard draft.errors.isEmpty, let action else { throw .invalidEvent(draft.errors) }
        let dedupKey = draft.dedupKey ?? GeneratedKey.text(generatedKey())
        let contexts = ContextReader(scanned, self.version)
        let attachments = contexts.attachments(details: draft.details)
        let event = AlertEvent(
            version: version, action: action, integrationID: integrationID, dedupKey: DedupKey(dedupKey),
            data: draft.data, attachments: attachments,
            contentDigest: draft.digest(action, dedupKey, contexts, attachments))
        return AcceptedEvent(content: .alert(event), version: self.version, body: body)
    }

    private func acceptChange(
        _ draft: ChangeDraft, _ integrationID: IntegrationID
    ) throws(EventRejection) -> AcceptedEvent {
        guard draft.errors.isEmpty, let summary = draft.summary else { throw .invalidEvent(draft.errors) }
        let attachments = ContextReader(scanned, .change).attachments(details: draft.details)
        let event = ChangeEvent(
            integrationID: integrationID, summary: summary, source: draft.source, sentAt: draft.sentAt,
            attachments: attachments)
        return AcceptedEvent(content: .change(event), version: .change, body: body)
    }
}

extension ScannedBody {
    /// events-api.md section 4: by values that are not blank, never by the presence of a member.
    fileprivate func detectVersion() -> (version: APIVersion, isCertain: Bool) {
        switch (text(members.eventAction) != nil, text(members.eventType) != nil) {
        case (true, false): return (.v2, true)
        case (false, true): return (.v1, true)
        case (true, true):
            let isV1 = text(members.serviceKey) != nil && text(members.routingKey) == nil
            return (isV1 ? .v1 : .v2, true)
        case (false, false):
            if members.payload != nil || text(members.routingKey) != nil { return (.v2, false) }
            let isV1 = text(members.serviceKey) != nil || text(members.description) != nil
            return (isV1 ? .v1 : .v2, false)
        }
    }
}
