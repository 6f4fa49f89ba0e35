/// A page in Prometheus' text format, read strictly
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
struct PrometheusText {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Values by series as written: name, and labels in braces.
    private(set) var samples: [String: Double] = [:]
    /// `counter`, `gauge` or `histogram`, by family.
    private(set) var types: [String: String] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Failure(description: "the last line has no end") }
        var helped: Set<String> = []
        var current = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            if line.hasPrefix("# HELP ") {
                guard words.count == 4, helped.insert(words[2]).inserted else { throw Failure(description: "\(line)") }
                current = words[2]
            } else if line.hasPrefix("# TYPE ") {
                let known = ["counter", "gauge", "histogram"]
                guard words.count == 4, words[2] == current, types[current] == nil, known.contains(words[3]) else {
                    throw Failure(description: "\(line)")
                }
                types[current] = words[3]
            } else {
                try addSample(line, of: current)
            }
        }
    }

    private mutating func addSample(_ line: Substring, of family: String) throws {
        guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
            throw Failure(description: "no value: \(line)")
        }
        let series = String(line[..<space])
        let name = series.prefix { $0 != "{" }
        let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { name == family + $0 }) else {
            throw Failure(description: "\(name) stands under \(family)")
        }
        guard samples.updateValue(value, forKey: series) == nil else { throw Failure(description: "\(series) twice") }
    }

    /// The value of a series; 0 where there is none.
    subscript(series: String) -> Double { samples[series] ?? 0 }

    /// The cumulated buckets of a histogram, ascending by bound.
    func buckets(_ name: String) -> [Double] {
        samples.compactMap { series, value -> (Double, Double)? in
            let prefix = name + "_bucket{le=\""
            guard series.hasPrefix(prefix), series.hasSuffix("\"}") else { return nil }
            let bound = series.dropFirst(prefix.count).dropLast(2)
            return (bound == "+Inf" ? .infinity : Double(bound) ?? .nan, value)
        }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
