import Alerting
import ArgumentParser

/// Which alerts hold back which, as it is typed.
struct InhibitionSides: ParsableArguments {
    @Option(
        name: .customLong("source"),
        help: ArgumentHelp(
            """
            What an alert is like that holds others back: class="host down", or with !=, =~ or !~ in place of =. May be \
            given more than once, or hold several with commas between them; all have to hold. The labels: \
            \(Alert.labels.joined(separator: ", ")).
            """, valueName: "matcher"))
    var sourceTexts: [String] = []

    @Option(
        name: .customLong("target"),
        help: ArgumentHelp("What a newer alert is like that is held back, as for --source.", valueName: "matcher"))
    var targetTexts: [String] = []

    @Option(
        name: .customLong("equal"),
        help: ArgumentHelp(
            """
            A label whose value has to be the same in both alerts, at most \(InhibitionRuleDraft.maximumEqual). May be \
            given more than once, or hold several with commas between them.
            """, valueName: "label"))
    var equalTexts: [String] = []

    func validate() throws {
        guard !sourceTexts.isEmpty else { throw ValidationError("What shall hold others back? Give --source.") }
        guard !targetTexts.isEmpty else { throw ValidationError("What shall be held back? Give --target.") }
        _ = try source()
        _ = try target()
        _ = try equal()
    }

    /// What the alert has to be like that holds others back.
    func source() throws -> [LabelMatcher] { try InhibitionSides.side(sourceTexts, option: "--source") }

    /// What an alert has to be like to be held back.
    func target() throws -> [LabelMatcher] { try InhibitionSides.side(targetTexts, option: "--target") }

    /// The labels whose values have to be the same.
    func equal() throws -> [String] {
        let labels = equalTexts.flatMap { text in
            text.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmingBlanks }
        }
        // An empty one, left over from a variable that is not set, would hold back more than was meant.
        for label in labels where !Alert.labels.contains(label) {
            throw ValidationError("--equal: \"\(label)\" is none of \(Alert.labels.joined(separator: ", ")).")
        }
        guard labels.count <= InhibitionRuleDraft.maximumEqual else {
            throw ValidationError("--equal: at most \(InhibitionRuleDraft.maximumEqual) labels can have to be equal.")
        }
        return labels
    }

    private static func side(_ texts: [String], option: String) throws -> [LabelMatcher] {
        let matchers = try SilenceScope.matchers(in: texts, option: option)
        guard try !MatcherSet(matchers).matches({ _ in nil }) else {
            throw ValidationError(
                "\(option): at least one matcher has to ask for something; these match alerts that have no labels.")
        }
        return matchers
    }
}

extension String {
    /// The text without the spaces around it.
    fileprivate var trimmingBlanks: String {
        let start = drop { $0 == " " }
        return String(start.prefix(start.count - start.reversed().prefix { $0 == " " }.count))
    }
}
