import Alerting
import WireJSON

/// An event that may go into the log, and the answer for when it is there.
public struct AcceptedEvent: Sendable {
    /// What it says: `.alert` or `.change`.
    public var content: EventContent
    /// What it was written in.
    public var version: APIVersion
    /// The sender's bytes, in UTF-8.
    public var body: [UInt8]

    /// An accepted event.
    public init(content: EventContent, version: APIVersion, body: [UInt8]) {
        self.content = content
        self.version = version
        self.body = body
    }

    /// The answer to send once the event is on disk (events-api.md section 7.1): 200 for V1, 202 for the others, the
    /// dedup key echoed as it was read.
    public func answer() -> (status: Int, body: [UInt8]) {
        guard case .alert(let event) = content else {
            return (202, Array(#"{"status":"success","message":"Change event processed"}"#.utf8))
        }
        let isV1 = event.version == .v1
        var body = Array(
            (isV1
                ? #"{"status":"success","message":"Event processed","incident_key":"#
                : #"{"status":"success","message":"Event processed","dedup_key":"#).utf8)
        JSONString.append(event.dedupKey.text, to: &body)
        body.append(UInt8(ascii: "}"))
        return (isV1 ? 200 : 202, body)
    }
}
