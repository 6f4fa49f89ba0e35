/// How close two names are: what a slip of the fingers, another convention of writing or a missing plural makes of one.
enum Spelling {
    /// Longer names are compared with none, so that a body full of them costs nothing.
    private static let maximumBytes = 64

    /// The name that was probably meant; nil if none is close.
    static func nearest(to name: String, among known: [String]) -> String? {
        guard name.utf8.count <= maximumBytes else { return nil }
        let given = letters(name)
        let distances = known.map { (name: $0, distance: distance(given, letters($0))) }
        let close = distances.filter { $0.distance <= max(1, (letters($0.name).count + 1) / 3) }
        return close.min { $0.distance < $1.distance }?.name
    }

    /// Whether one name is the other in another spelling: other case, brackets, underscores or number, with or without
    /// `id`, or with one or two slips.
    static func isVariant(_ name: String, of known: String) -> Bool {
        guard name.utf8.count <= maximumBytes else { return false }
        let (given, wanted) = (letters(name), letters(known))
        guard !given.isEmpty else { return false }
        let (givenStem, wantedStem) = (stem(given), stem(wanted))
        if givenStem == wantedStem { return true }
        if min(givenStem.count, wantedStem.count) > 3, distance(givenStem, wantedStem) <= 1 { return true }
        return distance(given, wanted) <= (wanted.count < 6 ? 1 : 2)
    }

    /// A name as an error message shows it, cut if it is very long.
    static func shown(_ name: String) -> String {
        name.unicodeScalars.count <= maximumBytes ? name : String(name.unicodeScalars.prefix(maximumBytes)) + "…"
    }

    /// Letters and digits in lower case.
    private static func letters(_ name: String) -> [UInt8] {
        name.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: nil
            }
        }
    }

    /// What `service_ids`, `service_id`, `services` and `service` have in common.
    private static func stem(_ letters: [UInt8]) -> [UInt8] {
        let endings = ["ids", "id", "ies", "es", "s", "y", "e"]
        for ending in endings where letters.count > ending.utf8.count + 2 {
            if letters.suffix(ending.utf8.count).elementsEqual(ending.utf8) {
                return stem(Array(letters.dropLast(ending.utf8.count)))
            }
        }
        return letters
    }

    /// How many letters have to be inserted, removed, replaced or swapped with their neighbour.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
