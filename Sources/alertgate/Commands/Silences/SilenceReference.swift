import Alerting
import ArgumentParser

/// A silence as it is typed: its id, or its number, by which the views in the database name it.
struct SilenceReference: ExpressibleByArgument {
    var id: SilenceID

    init?(argument text: String) {
        guard let id = Names.number(.silence, text) else { return nil }
        self.id = id
    }
}
