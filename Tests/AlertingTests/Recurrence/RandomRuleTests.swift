import Alerting
import Testing

/// Random rules against ``SlowReference``.
struct RandomRuleTests {
    /// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers in every run.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    static func randomReference(_ generator: inout Generator) -> SlowReference {
        let frequency = ["DAILY", "WEEKLY", "MONTHLY"].randomElement(using: &generator) ?? "DAILY"
        let isMonthly = frequency == "MONTHLY"
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        let interval = number(0...3) == 0 ? number(1...60) : number(1...4)
        let start = number(0...40_000)
        let byDay = (0..<max(0, number(-2...3))).map { _ in
            (ordinal: isMonthly ? max(-5, min(5, number(-9...9))) : 0, weekday: number(0...6))
        }
        let byMonthDay = (0..<(isMonthly ? max(0, number(-2...3)) : 0)).map { _ in
            number(1...31) * (number(0...1) * 2 - 1)
        }
        let weekStart = number(0...6)
        let ending = number(0...3)
        return SlowReference(
            frequency: frequency, interval: interval, byDay: byDay, byMonthDay: byMonthDay, weekStart: weekStart,
            count: ending == 0 ? number(1...200) : nil,
            until: ending == 1 ? start + number(0...3000) : nil,
            start: start)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func everyWindowIsTheOneOfTheReference(seed: UInt64) throws {
        var generator = Generator(state: seed)
        for _ in 0..<250 {
            let reference = Self.randomReference(&generator)
            let horizon = reference.start + 6000
            let days = reference.days(before: horizon)
            let second = Int.random(in: 0..<1440, using: &generator) * 60
            let duration = Int.random(in: 60...604_800, using: &generator)
            let clock = [second / 3600, second / 60 % 60].map { String($0 + 100).suffix(2) }.joined(separator: ":")
            let start = SlowReference.calendar[reference.start].text + "T" + clock
            let made = try? Recurrence(
                rule: reference.rule, timeZone: "UTC", localStart: start, duration: Int64(duration))
            guard let recurrence = made else {
                #expect(days.isEmpty, "\(reference.rule) from \(start) was refused")
                continue
            }
            for _ in 0..<20 {
                let asked = reference.start * 86_400 + Int.random(in: -86_400...5900 * 86_400, using: &generator)
                let expected = days.first { $0 * 86_400 + second + duration > asked }
                let window = recurrence.window(atOrAfter: Timestamp(milliseconds: Int64(asked) * 1000))
                if let expected {
                    let begin = Timestamp(milliseconds: Int64(expected * 86_400 + second) * 1000)
                    let end = begin.adding(seconds: Int64(duration))
                    #expect(
                        window == Recurrence.Window(start: begin, end: end),
                        "\(reference.rule) from \(start) at \(asked)")
                } else if let window {
                    // The next one lies beyond what the reference has looked at.
                    #expect(
                        window.start.milliseconds >= Int64(horizon) * 86_400_000,
                        "\(reference.rule) from \(start) at \(asked)")
                }
            }
        }
    }
}
