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

/// The values of an alert's labels, each asked for once and only when it is needed.
struct LabelValues {
    private struct Value {
        let text: String
        var sketch: TextSketch?
    }

    private var values: [Value?]

    /// None of that many labels yet.
    init(count: Int) {
        values = Array(repeating: nil, count: count)
    }

    /// The value of the label in that slot, the empty text if it is absent.
    mutating func text(of slot: Int, _ labels: [String], _ value: (String) -> String?) -> String {
        if let known = values[slot] { return known.text }
        let text = value(labels[slot]) ?? ""
        values[slot] = Value(text: text)
        return text
    }

    /// The sketch of that value.
    mutating func sketch(of slot: Int, _ labels: [String], _ value: (String) -> String?) -> TextSketch {
        if let known = values[slot]?.sketch { return known }
        let sketch = TextSketch(text(of: slot, labels, value))
        values[slot]?.sketch = sketch
        return sketch
    }
}
