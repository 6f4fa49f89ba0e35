import Alerting
import Testing

/// A generator whose seed stands in the name of the failing case (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Random logs keep what holds of every state.
@Suite struct RandomSequenceTests {
    @Test(arguments: 1...UInt64(40))
    func invariantsHoldAfterEveryEvent(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var fold = FoldRecorder.withIntegration()
        let other = fold.createIntegration("Zabbix", of: fold.service, key: "fedcba9876543210", defaultSeverity: .info)
        var entries: Set<LogEntryID> = []
        for _ in 0..<200 {
            step(&fold, other, &generator)
            for entry in fold.written {
                #expect(entries.insert(entry.id).inserted)
                #expect(LogEntry.event(of: entry.id) == fold.lastID)
            }
            #expect(fold.state.changes.outcomes.count == 1)
            try checkInvariants(fold.state)
        }
    }

    private func step(_ fold: inout FoldRecorder, _ other: IntegrationID, _ generator: inout SeededGenerator) {
        let integration = Bool.random(using: &generator) ? fold.integration : other
        let key = ["a", "b", "A", "caf\u{E9}", "cafe\u{301}"].randomElement(using: &generator) ?? "a"
        let incident = fold.state.incidents.keys.sorted().randomElement(using: &generator) ?? 1
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<4:
            fold.send(
                .trigger, key, version: Bool.random(using: &generator) ? .v1 : .v2, on: integration,
                severity: Severity.allCases.randomElement(using: &generator),
                digest: Int64.random(in: 1...2, using: &generator))
        case 4: fold.send(.acknowledge, key, on: integration)
        case 5, 6: fold.send(.resolve, key, on: integration)
        case 7:
            fold.update(
                IncidentUpdate(
                    incidentID: incident, status: IncidentStatus.allCases.randomElement(using: &generator),
                    title: Bool.random(using: &generator) ? "renamed" : nil,
                    urgency: Urgency.allCases.randomElement(using: &generator)))
        case 8:
            let second = fold.state.incidents.keys.sorted().last ?? 1
            fold.update(
                IncidentUpdate(incidentID: incident, status: IncidentStatus.allCases.randomElement(using: &generator)),
                IncidentUpdate(incidentID: second == incident ? 0 : second, status: .triggered))
        default:
            let kind: TimerKind = Bool.random(using: &generator) ? .autoResolve : .acknowledgementTimeout
            let due = fold.state.incidents[incident]?.timers[kind] ?? fold.now
            let isStale = Int.random(in: 0..<4, using: &generator) == 0
            fold.fire(kind, on: incident, dueAt: isStale ? due.adding(seconds: -1) : due)
        }
    }

    @Test func theSameLogGivesTheSameState() {
        func run() -> FoldState {
            var generator = SeededGenerator(seed: 99)
            var fold = FoldRecorder.withIntegration()
            let other = fold.createIntegration("Zabbix", of: fold.service, key: "fedcba9876543210")
            for _ in 0..<500 { step(&fold, other, &generator) }
            return fold.state
        }
        let (first, second) = (run(), run())
        #expect(first.alerts == second.alerts && first.incidents == second.incidents)
        #expect(first.changes.logEntries == second.changes.logEntries)
    }
}
