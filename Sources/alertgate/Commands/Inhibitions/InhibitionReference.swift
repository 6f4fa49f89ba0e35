import Alerting
import ArgumentParser

/// An inhibition rule as it is typed: its id, or its number, by which the views in the database name it.
struct InhibitionReference: ExpressibleByArgument {
    var id: InhibitionRuleID

    init?(argument text: String) {
        guard let id = Names.number(.inhibitionRule, text) else { return nil }
        self.id = id
    }
}
