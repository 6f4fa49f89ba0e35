import Alerting
import WireJSON

/// A link of an event (events-api.md section 5.4).
public struct Link: Sendable, Hashable {
    /// The address, not blank, as given.
    public var href: String
    /// Its text; nil where absent, maybe empty.
    public var text: String?

    /// A link.
    public init(href: String, text: String? = nil) {
        self.href = href
        self.text = text
    }
}

/// An image of an event (events-api.md section 5.4).
public struct Image: Sendable, Hashable {
    /// The address of the image, not blank, as given.
    public var src: String
    /// The address that it leads to; nil where absent, maybe empty.
    public var href: String?
    /// The text in its stead; nil where absent, maybe empty.
    public var alt: String?

    /// An image.
    public init(src: String, href: String? = nil, alt: String? = nil) {
        self.src = src
        self.href = href
        self.alt = alt
    }
}

/// A link or an image, in the one form for both versions.
public enum Context: Sendable, Hashable {
    /// A link.
    case link(Link)
    /// An image.
    case image(Image)

    /// The context as it stands in an answer: `type`, then what it has.
    public var json: JSONValue {
        let members: [(String, String?)] =
            switch self {
            case .link(let link): [("type", "link"), ("href", link.href), ("text", link.text)]
            case .image(let image):
                [("type", "image"), ("src", image.src), ("href", image.href), ("alt", image.alt)]
            }
        return .object(
            members.compactMap { name, text in text.map { text in JSONValue.Member(name, .string(text)) } })
    }
}

/// Reads links and images out of a body: `links` and `images` of V2 and change events, `contexts` of V1. What is no
/// object, has an unknown type or lacks its address is passed over.
struct ContextReader {
    private let scanned: ScannedBody
    private let isV1: Bool

    init(_ scanned: ScannedBody, _ version: APIVersion) {
        self.scanned = scanned
        isV1 = version == .v1
    }

    /// The first links of the event, in its order.
    func links(limit: Int = EventLimits.maximumContextsOfAKind) -> [Link] {
        usable(isV1 ? scanned.members.contexts : scanned.members.links, limit: limit) { element in
            guard isOfType("link", element), let href = scanned.text(element.href) else { return nil }
            return Link(href: href, text: scanned.possiblyEmptyText(element.text))
        }
    }

    /// The first images of the event, in its order.
    func images(limit: Int = EventLimits.maximumContextsOfAKind) -> [Image] {
        usable(isV1 ? scanned.members.contexts : scanned.members.images, limit: limit) { element in
            guard isOfType("image", element), let src = scanned.text(element.src) else { return nil }
            return Image(
                src: src, href: scanned.possiblyEmptyText(element.href), alt: scanned.possiblyEmptyText(element.alt))
        }
    }

    /// What the body carries besides its fields.
    func attachments(details: ArraySlice<UInt8>?) -> Attachments {
        var attachments: Attachments = []
        if details != nil { attachments.insert(.details) }
        if !links(limit: 1).isEmpty { attachments.insert(.links) }
        if !images(limit: 1).isEmpty { attachments.insert(.images) }
        return attachments
    }

    /// The members that hold usable links or images, as they came; nil for one that holds none.
    func rawParts(_ attachments: Attachments) -> [ArraySlice<UInt8>?] {
        if isV1 {
            let isUsed = !attachments.isDisjoint(with: [.links, .images])
            return [isUsed ? scanned.json(scanned.members.contexts) : nil]
        }
        return [
            attachments.contains(.links) ? scanned.json(scanned.members.links) : nil,
            attachments.contains(.images) ? scanned.json(scanned.members.images) : nil,
        ]
    }

    private func isOfType(_ type: String, _ element: Element) -> Bool {
        guard isV1 else { return true }
        return scanned.text(element.type)?.utf8.elementsEqual(type.utf8) ?? false
    }

    private struct Element {
        var type: JSONToken?
        var href: JSONToken?
        var text: JSONToken?
        var src: JSONToken?
        var alt: JSONToken?
    }

    private func usable<Value>(_ token: JSONToken?, limit: Int, _ read: (Element) -> Value?) -> [Value] {
        guard let token, token.kind == .array else { return [] }
        var values: [Value] = []
        scanned.bytes.withUnsafeBytes { buffer in
            var scanner = JSONScanner(buffer, at: token)
            do {
                try scanner.enterArray()
                while values.count < limit, try scanner.nextElement() {
                    guard try scanner.nextKind() == .object else {
                        _ = try scanner.value()
                        continue
                    }
                    if let value = read(try element(&scanner)) { values.append(value) }
                }
            } catch {
                preconditionFailure("the body was validated when it was scanned")
            }
        }
        return values
    }

    private func element(_ scanner: inout JSONScanner) throws(JSONError) -> Element {
        var element = Element()
        try scanner.enterObject()
        while let token = try scanner.nextMember() {
            switch scanner.name(token) {
            case "type": element.type = try scanner.value()
            case "href": element.href = try scanner.value()
            case "text": element.text = try scanner.value()
            case "src": element.src = try scanner.value()
            case "alt": element.alt = try scanner.value()
            default: _ = try scanner.value()
            }
        }
        return element
    }
}
