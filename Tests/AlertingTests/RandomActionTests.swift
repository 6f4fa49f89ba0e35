import Alerting
import Testing

/// Random sequences of what persons ask for, events and timers keep what holds of every state.
@Suite struct RandomActionTests {
    @Test(arguments: 1...UInt64(60))
    func invariantsHoldAfterEveryAction(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var fold = FoldRecorder.withIntegration()
        var outcomes: Set<String> = []
        for _ in 0..<300 {
            outcomes.insert(Self.step(&fold, &generator).name)
            try checkInvariants(fold.state)
        }
        #expect(outcomes.isSuperset(of: ["opened", "applied", "unchanged", "refused", "fired"]))
    }

    private static func step(_ fold: inout FoldRecorder, _ generator: inout SeededGenerator) -> Outcome {
        let key = ["a", "b", "c", "d"].randomElement(using: &generator) ?? "a"
        let incidents = fold.state.incidents.keys.sorted().suffix(8)
        guard let one = incidents.randomElement(using: &generator),
            let other = incidents.randomElement(using: &generator)
        else { return fold.send(.trigger, key) }
        let alerts = fold.state.alerts.values.filter { $0.incidentID == one }.map(\.id).sorted()
        let alert = alerts.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<12, using: &generator) {
        case 0, 1: return fold.send(.trigger, key)
        case 2: return fold.send(.resolve, key)
        case 3: return fold.put(IncidentStatus.allCases.randomElement(using: &generator) ?? .triggered, on: one)
        case 4: return fold.perform(.mergeIncidents(into: one, [other]))
        case 5: return fold.perform(.snoozeIncident(one, seconds: 60))
        case 6:
            let waiting = incidents.flatMap { id in
                TimerKind.allCases.compactMap { kind in
                    fold.state.incidents[id]?.timers[kind].map { due in (kind: kind, id: id, due: due) }
                }
            }
            guard let timer = waiting.randomElement(using: &generator) else {
                return fold.fire(.snooze, on: one, dueAt: fold.now)
            }
            return fold.fire(timer.kind, on: timer.id, dueAt: timer.due)
        case 7, 8:
            let status = AlertStatus.allCases.randomElement(using: &generator)
            return fold.perform(.updateAlerts(one, [AlertUpdate(alertID: alert, status: status)]))
        case 9, 10: return fold.perform(.updateAlerts(one, [AlertUpdate(alertID: alert, incidentID: other)]))
        default:
            let updates = alerts.map { id in
                AlertUpdate(
                    alertID: id, status: Bool.random(using: &generator) ? .resolved : .triggered,
                    incidentID: Bool.random(using: &generator) ? other : nil)
            }
            return fold.perform(.updateAlerts(one, updates))
        }
    }
}
