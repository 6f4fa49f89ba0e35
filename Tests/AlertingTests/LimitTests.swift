import Testing

@testable import Alerting

/// The limits of what people write stand with the types, and hold for every front.
@Suite struct LimitTests {
    private func text(_ count: Int) -> String { String(repeating: "ü", count: count) }

    @Test(arguments: [
        (TextLimit.name, 255), (.serviceDescription, 1024), (.title, 1024), (.incidentKey, 255),
        (.incidentDetails, 25_000), (.note, 25_000), (.comment, 1024),
    ])
    func textsHaveTheirLength(limit: TextLimit, maximum: Int) {
        #expect(limit.allows(text(1)) && limit.allows(text(maximum)) && !limit.allows(text(maximum + 1)))
        #expect(limit.allows("") == limit.mayBeBlank && limit.allows(" \u{A0}\n") == limit.mayBeBlank)
    }

    @Test func durationsHaveTheirRange() {
        for (limit, maximum) in [(DurationLimit.timeout, 31_536_000), (.snooze, 604_800), (.silence, 31_622_400)] {
            #expect(limit.allows(1) && limit.allows(Int64(maximum)))
            #expect(!limit.allows(0) && !limit.allows(-1) && !limit.allows(Int64(maximum) + 1))
        }
    }

    /// Each is refused before it enters the log, whoever asks for it.
    @Test func commandsBeyondALimitAreRefused() {
        var service = ServiceUpdate()
        service.description = text(1025)
        var timeouts = ServiceUpdate()
        timeouts.autoResolveTimeout = 31_536_001
        var integration = IntegrationUpdate()
        integration.name = " "
        var incident = IncidentUpdate(incidentID: 1)
        incident.title = text(1025)
        var draft = IncidentDraft(serviceID: 1, title: "t", key: text(256))
        let commands: [Action.Command] = [
            .createService(ServiceSettings(name: "")), .createService(ServiceSettings(name: text(256))),
            .createService(ServiceSettings(name: "s", description: text(1025))),
            .createService(ServiceSettings(name: "s", acknowledgementTimeout: -1)),
            .createService(ServiceSettings(name: "s", autoResolveTimeout: 31_536_001)),
            .updateService(1, service), .updateService(1, timeouts), .updateIntegration(1, integration),
            .createIntegration(service: 1, name: text(256), key: "abcdefgh", defaultSeverity: .critical),
            .createToken(name: "\t", hash: [1], isReadOnly: true), .updateIncidents([incident]),
            .updateIncidents(Array(repeating: IncidentUpdate(incidentID: 1), count: 251)), .createIncident(draft),
            .addNote(1, content: ""), .addNote(1, content: text(25_001)), .snoozeIncident(1, seconds: 0),
            .snoozeIncident(1, seconds: 604_801), .updateSilence(1, SilenceUpdate(comment: text(1025))),
        ]
        for command in commands { #expect(throws: LimitError.self, "\(command)") { try command.checkLimits() } }
        draft.key = text(255)
        #expect(throws: Never.self) { try Action.Command.createIncident(draft).checkLimits() }
    }

    /// 0 is never.
    @Test func aTimeoutMayBeTakenAway() throws {
        var update = ServiceUpdate()
        update.acknowledgementTimeout = 0
        try Action.Command.updateService(1, update).checkLimits()
        try Action.Command.createService(ServiceSettings(name: "s", autoResolveTimeout: 0)).checkLimits()
    }
}
