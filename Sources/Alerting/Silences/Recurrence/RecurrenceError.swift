/// Why a ``Recurrence`` was refused.
public struct RecurrenceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The members of ``Recurrence``, by their names.
    public enum Member: String, Hashable, Sendable, CaseIterable {
        /// ``Recurrence/rule``.
        case rule
        /// ``Recurrence/timeZone``.
        case timeZone
        /// ``Recurrence/localStart``.
        case localStart
        /// ``Recurrence/duration``.
        case duration
        /// ``Recurrence/untilTime``.
        case untilTime
        /// ``Recurrence/exdates``.
        case exdates
    }

    /// The member that is wrong.
    public var member: Member
    /// What the member must be and what was found instead, as a sentence without its subject and its full stop, e.g.
    /// `must have INTERVAL as a whole number from 1 to 1000, not "0"`.
    public var expectation: String

    /// An error of a member, with the expectation that it fails.
    public init(member: Member, expectation: String) {
        self.member = member
        self.expectation = expectation
    }

    /// The sentence: the member's name and the expectation.
    public var description: String {
        "\(member.rawValue) \(expectation)"
    }

    /// A piece of refused text for a message: in quotation marks, without control characters, cut after 40 scalars.
    static func quoted(_ text: some StringProtocol) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(40) {
            scalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        return "\"\(String(scalars))\(text.unicodeScalars.count > 40 ? "…" : "")\""
    }
}
