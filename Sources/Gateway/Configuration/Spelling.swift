/// Finds what somebody probably meant.
enum Spelling {
    /// The candidate that differs least, if it differs by no more than a third of the text.
    static func nearest(to text: String, among candidates: [String]) -> String? {
        let distances = candidates.map { (candidate: $0, distance: distance(Array(text.utf8), Array($0.utf8))) }
        guard let best = distances.min(by: { $0.distance < $1.distance }), best.distance <= max(2, text.utf8.count / 3)
        else { return nil }
        return best.candidate
    }

    /// How many bytes have to be put in, taken out or changed (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(diagonal + (byte == other ? 0 : 1), above + 1, row[j] + 1)
                diagonal = above
            }
        }
        return row[right.count]
    }
}
