import Testing

@testable import alertgate

/// What is typed after `alertgate incidents …`.
@Suite struct IncidentArgumentTests {
    @Test(
        arguments: [
            ("1s", 1), ("90s", 90), ("1h30m", 5400), ("2d", 172_800), ("7d", 604_800), ("1d2h3m4s", 93_784),
            ("604800s", 604_800), ("0h5m", 300),
        ] as [(String, Int64)])
    func timesAreRead(_ text: String, seconds: Int64) {
        #expect(SnoozeDuration(argument: text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "0s", "8d", "604801s", "7d1s", "90", "1m1h", "1h1h", "-1s", "1.5h", "1 h", "h", "99999999999999999999s",
        "1H",
        "1w", "١s",
    ])
    func whatIsNoTimeIsRefused(_ text: String) {
        #expect(SnoozeDuration(argument: text) == nil)
    }

    @Test(
        arguments: [
            ("4711", 4711), ("Q00000000003MV", 4711), ("Q000000000000A", 10), ("Q00000000003MV0", nil), ("0", nil),
            ("-1", nil), ("", nil), ("x", nil), ("q000000000000A", nil), ("99999999999999999999", nil),
        ] as [(String, Int64?)])
    func incidentsAreNamedByNumberOrID(_ text: String, id: Int64?) {
        #expect(IncidentReference(argument: text)?.id == id)
    }
}
