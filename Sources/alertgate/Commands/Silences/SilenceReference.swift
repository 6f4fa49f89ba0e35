import Alerting
import ArgumentParser

/// A silence as it is typed: its id, or its number, by which the views in the database name it.
struct SilenceReference: ExpressibleByArgument {
    var id: SilenceID

    init?(argument text: String) {
        let isNumber = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let id = isNumber ? Int64(text) : ExternalID.number(.silence, text), id > 0 else { return nil }
        self.id = id
    }
}
