/// Gives each label a number.
struct LabelSlots {
    /// The labels, in the order of their numbers.
    private(set) var labels: [String] = []
    private var slots: [ByteText: Int] = [:]

    /// The number of that label, a new one if it has none yet.
    mutating func slot(of label: String) -> Int {
        let key = ByteText(text: label)
        if let known = slots[key] { return known }
        slots[key] = labels.count
        labels.append(label)
        return labels.count - 1
    }
}

/// The values of an alert's labels, each sketched once and only when it is needed.
struct LabelValues {
    private let texts: [String]
    private var sketches: [TextSketch?]

    /// The values in the order of their slots, the empty text where one is absent.
    init(_ texts: [String]) {
        self.texts = texts
        sketches = Array(repeating: nil, count: texts.count)
    }

    /// The value of the label in that slot.
    subscript(slot: Int) -> String { texts[slot] }

    /// The sketch of that value.
    mutating func sketch(of slot: Int) -> TextSketch {
        if let known = sketches[slot] { return known }
        let sketch = TextSketch(texts[slot])
        sketches[slot] = sketch
        return sketch
    }
}
