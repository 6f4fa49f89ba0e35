/// Patterns over the letters a and b, matched in the slowest and plainest way: by all the places where a match may end.
indirect enum ReferencePattern {
    case letter(Character)
    case any
    case oneOf([Character])
    case noneOf([Character])
    case start
    case end
    case sequence([ReferencePattern])
    case choice([ReferencePattern])
    case repetition(ReferencePattern, minimum: Int, maximum: Int?, sign: String)

    /// A pattern of at most that depth.
    static func random(depth: Int, using randomness: inout Randomness) -> ReferencePattern {
        func several(_ randomness: inout Randomness) -> [ReferencePattern] {
            (0..<randomness.number(below: 4)).map { _ in random(depth: depth - 1, using: &randomness) }
        }
        switch randomness.number(below: depth == 0 ? 8 : 16) {
        case 0, 1, 2: return .letter("a")
        case 3, 4: return .letter("b")
        case 5: return .any
        case 6: return randomness.one(of: [.oneOf(["a"]), .oneOf(["a", "b"]), .noneOf(["a"]), .noneOf(["b"])])
        case 7: return randomness.one(of: [.start, .end, .letter("a"), .letter("b"), .any])
        case 8, 9, 10: return .sequence(several(&randomness))
        case 11, 12: return .choice(several(&randomness) + [random(depth: depth - 1, using: &randomness)])
        default:
            let node = random(depth: depth - 1, using: &randomness)
            let (minimum, maximum, sign) = randomness.one(of: [
                (0, nil, "*"), (1, nil, "+"), (0, 1, "?"), (2, 2, "{2}"), (2, nil, "{2,}"), (1, 3, "{1,3}"),
                (0, 2, "{0,2}"), (0, nil, "*?"), (0, 0, "{0}"),
            ])
            return .repetition(node, minimum: minimum, maximum: maximum, sign: sign)
        }
    }

    /// How the pattern is written.
    var text: String {
        switch self {
        case .letter(let letter): String(letter)
        case .any: "."
        case .oneOf(let letters): "[" + String(letters) + "]"
        case .noneOf(let letters): "[^" + String(letters) + "]"
        case .start: "^"
        case .end: "$"
        case .sequence(let parts): parts.map(\.text).joined()
        case .choice(let parts): "(" + parts.map(\.text).joined(separator: "|") + ")"
        case .repetition(let part, _, _, let sign): "(?:" + part.text + ")" + sign
        }
    }

    /// Whether the whole text matches.
    func matches(_ text: [Character]) -> Bool { ends(in: text, from: 0).contains(text.count) }

    /// Where a match may end that begins there.
    private func ends(in text: [Character], from start: Int) -> Set<Int> {
        func one(_ fits: (Character) -> Bool) -> Set<Int> {
            start < text.count && fits(text[start]) ? [start + 1] : []
        }
        switch self {
        case .letter(let letter): return one { $0 == letter }
        case .any: return one { _ in true }
        case .oneOf(let letters): return one(letters.contains)
        case .noneOf(let letters): return one { !letters.contains($0) }
        case .start: return start == 0 ? [start] : []
        case .end: return start == text.count ? [start] : []
        case .sequence(let parts):
            return parts.reduce([start]) { places, part in
                places.reduce(into: []) { $0.formUnion(part.ends(in: text, from: $1)) }
            }
        case .choice(let parts):
            return parts.reduce(into: []) { $0.formUnion($1.ends(in: text, from: start)) }
        case .repetition(let part, let minimum, let maximum, _):
            var places: Set<Int> = [start]
            var all: Set<Int> = minimum == 0 ? places : []
            // More rounds than there are places to stop at find nothing new.
            for round in 1...max(1, maximum ?? minimum + text.count + 1) {
                if maximum == 0 { break }
                places = places.reduce(into: []) { $0.formUnion(part.ends(in: text, from: $1)) }
                if round >= minimum { all.formUnion(places) }
            }
            return all
        }
    }
}
