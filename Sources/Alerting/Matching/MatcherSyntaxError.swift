/// Why a list of matchers or a pattern was refused.
public struct MatcherSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was read, such as `the pattern of source`.
    public var place: String
    /// What is wrong with it, as the second half of a sentence.
    public var reason: String
    /// The character it is wrong at, counted in Unicode scalars from 1; nil where it is about the whole.
    public var character: Int?

    /// An error about that place.
    public init(place: String, reason: String, character: Int? = nil) {
        self.place = place
        self.reason = reason
        self.character = character
    }

    /// One sentence for the person who wrote the text.
    public var description: String {
        let position = character.map { ", at character \($0)" } ?? ""
        return "In \(place)\(position): \(reason)."
    }
}
