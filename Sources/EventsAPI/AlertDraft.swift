import Alerting
import WireJSON

/// A V1 or V2 event as far as it could be read, with every rule it breaks.
struct AlertDraft {
    /// Nil where the sender gave none.
    var dedupKey: String?
    var data = AlertData()
    /// `payload.custom_details` or `details`, unless absent or null.
    var details: ArraySlice<UInt8>?
    /// In the order of the fields; without those of the integration key.
    var errors: [String] = []

    /// Everything that the event says, but for `payload.timestamp`. Links, images and details count by their bytes.
    func digest(
        _ action: EventAction, _ dedupKey: String, _ contexts: ContextReader, _ attachments: Attachments
    ) -> Int64 {
        var digest = ContentDigest()
        digest.add(action.rawValue)
        digest.add(dedupKey)
        digest.add(data.summary)
        digest.add(data.source)
        digest.add(data.severity?.rawValue)
        digest.add(data.component)
        digest.add(data.group)
        digest.add(data.class)
        digest.add(data.client)
        digest.add(data.clientURL)
        digest.add(details)
        for part in contexts.rawParts(attachments) { digest.add(part) }
        return digest.value
    }
}
