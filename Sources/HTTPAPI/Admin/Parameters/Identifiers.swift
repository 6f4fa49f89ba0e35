import Alerting

/// What paths and filters name resources by.
enum Identifiers {
    /// The incident with that id or number. Only what is all digits is a number, spelt as it is shown.
    static func incident(_ text: String) throws(AdminError) -> IncidentID {
        let isNumber = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isNumber else { return try number(.incident, text) }
        guard let number = Int64(text), String(number).utf8.elementsEqual(text.utf8) else { throw .notFound }
        return number
    }

    /// The resource with that id.
    static func number(_ kind: ResourceKind, _ text: String) throws(AdminError) -> Int64 {
        guard let number = ExternalID.number(kind, text) else { throw .notFound }
        return number
    }
}

extension QueryParameters {
    /// The resources that a set names; what is no id names none. Nil where there is no set.
    func numbers(_ name: String, _ kind: ResourceKind) -> Set<Int64>? {
        set(name).map { Set($0.compactMap { ExternalID.number(kind, $0) }) }
    }
}
