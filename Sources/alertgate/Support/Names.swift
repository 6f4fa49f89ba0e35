import Alerting
import ArgumentParser
import Store

/// Names and ids as they are typed.
enum Names {
    /// Refuses a name that is blank or over 255 characters.
    static func check(_ name: String) throws {
        let isBlank = name.unicodeScalars.allSatisfy { $0.properties.isWhitespace }
        guard !isBlank, name.unicodeScalars.count <= 255 else {
            throw ValidationError("A name has 1 to 255 characters, not all of them blank.")
        }
    }

    /// Refuses a note that is blank or over 25,000 characters.
    static func check(note: String) throws {
        let isBlank = note.unicodeScalars.allSatisfy { $0.properties.isWhitespace }
        guard !isBlank, note.unicodeScalars.count <= 25_000 else {
            throw ValidationError("A note has 1 to 25000 characters, not all of them blank.")
        }
    }

    /// The number of a resource that is typed as its number or its id; nil where it is neither.
    static func number(_ kind: ResourceKind, _ text: String) -> Int64? {
        let isNumber = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let number = isNumber ? Int64(text) : ExternalID.number(kind, text), number > 0 else { return nil }
        return number
    }

    /// The one among several that has that id or that name. Throws a `Failure` where there is none, or more than one.
    static func find<Element>(
        _ text: String, among elements: [Element], kind: ResourceKind, called noun: String,
        id: KeyPath<Element, Int64>, name: KeyPath<Element, String>
    ) throws -> Element {
        if let number = ExternalID.number(kind, text), let found = elements.first(where: { $0[keyPath: id] == number })
        {
            return found
        }
        let namesakes = elements.filter { $0[keyPath: name].utf8.elementsEqual(text.utf8) }
        guard let found = namesakes.first else {
            throw Failure.refused("there is no \(noun) \(text); `alertgate \(noun) list` lists them")
        }
        guard namesakes.count == 1 else {
            throw Failure.refused("more than one \(noun) is called \(text); give its id")
        }
        return found
    }
}
