import Alerting
import ArgumentParser
import Store

/// Names and ids as they are typed.
enum Names {
    /// Refuses a name that is blank or too long.
    static func check(_ name: String) throws {
        guard TextLimit.name.allows(name) else { throw ValidationError("A name has \(TextLimit.name).") }
    }

    /// Refuses a description of a service that is too long.
    static func check(description: String) throws {
        let limit = TextLimit.serviceDescription
        guard limit.allows(description) else { throw ValidationError("A description has \(limit).") }
    }

    /// Refuses a note that is blank or too long.
    static func check(note: String) throws {
        guard TextLimit.note.allows(note) else { throw ValidationError("A note has \(TextLimit.note).") }
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
