/// Reads a text scalar by scalar for the parsers, and knows where it is for their errors.
struct ScalarReader {
    private let scalars: [Unicode.Scalar]
    private let place: String
    /// How many scalars were read.
    private(set) var position = 0

    /// A reader at the start of the text, which errors call by that name.
    init(_ text: String, place: String) {
        self.scalars = Array(text.unicodeScalars)
        self.place = place
    }

    /// The next scalar, not read yet; nil at the end.
    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    /// Whether everything was read.
    var isAtEnd: Bool { position == scalars.count }

    /// Reads one scalar; nil at the end.
    mutating func read() -> Unicode.Scalar? {
        guard let scalar = next else { return nil }
        position += 1
        return scalar
    }

    /// Reads the expected text if it comes next, and tells whether it did.
    mutating func take(_ expected: StaticString) -> Bool {
        let wanted = expected.description.unicodeScalars
        guard scalars[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    /// Reads as long as the test holds.
    mutating func readWhile(_ test: (Unicode.Scalar) -> Bool) -> String {
        var text = String.UnicodeScalarView()
        while let scalar = next, test(scalar) {
            text.append(scalar)
            position += 1
        }
        return String(text)
    }

    /// Goes back to a position noted before.
    mutating func rewind(to earlier: Int) { position = earlier }

    /// An error at a position, by default the present one.
    func error(_ reason: String, at position: Int? = nil) -> MatcherSyntaxError {
        MatcherSyntaxError(place: place, reason: reason, character: (position ?? self.position) + 1)
    }
}
