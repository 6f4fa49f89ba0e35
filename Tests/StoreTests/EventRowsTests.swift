import Alerting
import GatewayTesting
import Store
import Testing

/// The log gives back what it took, byte for byte.
@Suite struct EventRowsTests {
    private let temporary: TemporaryDatabase
    private let connection: Connection

    init() throws {
        temporary = try TemporaryDatabase()
        connection = try temporary.database.openWriter(creating: true)
    }

    private static let texts = [
        "", "a", "\u{0}", "a\u{0}b", "\u{0}\u{0}", "caf\u{E9}", "cafe\u{301}", "\u{301}x", "\u{1F525}\u{200D}", "'; --",
        "line\nline\r\n\t", "\u{FFFD}\u{FEFF}", String(repeating: "\u{1F525}", count: 255), "日本語", "\u{7F}\u{1}",
    ]

    private func roundTrip(_ event: NewEvent) throws -> (Event, [UInt8]) {
        let id = try EventRows.nextID(connection)
        try EventRows.insert(event, id: id, into: connection)
        let read = try #require(try EventRows.read(after: id - 1, limit: 1, from: connection).first)
        let body = try connection.first("SELECT body FROM events WHERE id = ?", { $0.add(id) }, { $0.bytes(0) })
        return (read, try #require(body))
    }

    /// Swift's `==` calls canonically equivalent texts equal; the log must not.
    private func bytes(_ data: AlertData) -> [[UInt8]?] {
        [data.summary, data.source, data.component, data.group, data.class, data.client, data.clientURL].map {
            $0.map { Array($0.utf8) }
        }
    }

    @Test(arguments: texts)
    func everyMemberOfAnAlertEventComesBack(text: String) throws {
        for version in EventVersion.allCases {
            for action in EventAction.allCases {
                var data = AlertData()
                data.summary = text
                data.source = text + "1"
                data.severity = version == .v2 ? .warning : nil
                data.component = text + "2"
                data.group = text + "3"
                data.class = text + "4"
                data.sentAt = Timestamp(milliseconds: -1)
                data.client = text + "5"
                data.clientURL = text + "6"
                let alert = AlertEvent(
                    version: version, action: action, integrationID: .max, dedupKey: DedupKey(text), data: data,
                    attachments: [.details, .images], contentDigest: .min)
                let (event, body) = try roundTrip(
                    NewEvent(
                        receivedAt: Timestamp(milliseconds: 123), content: .alert(alert), body: Array(text.utf8)))
                guard case .alert(let read) = event.content else {
                    Issue.record("\(event.content)")
                    return
                }
                #expect(read == alert)
                #expect(bytes(read.data) == bytes(data))
                #expect(event.receivedAt == Timestamp(milliseconds: 123))
                #expect(body == Array(text.utf8))
            }
        }
    }

    @Test func whatIsAbsentStaysAbsent() throws {
        let alert = AlertEvent(version: .v1, action: .resolve, integrationID: 1, dedupKey: DedupKey("k"))
        let (event, _) = try roundTrip(
            NewEvent(receivedAt: Timestamp(milliseconds: 0), content: .alert(alert), body: []))
        #expect(event.content == .alert(alert))
    }

    @Test(arguments: texts)
    func changeEventsComeBack(text: String) throws {
        let moment = Timestamp(milliseconds: 9)
        for sentAt in [nil, Timestamp(milliseconds: 0)] {
            let change = ChangeEvent(
                integrationID: 3, summary: text, source: text + "s", sentAt: sentAt, attachments: [.links])
            let (event, _) = try roundTrip(NewEvent(receivedAt: moment, content: .change(change), body: [1]))
            guard case .change(let read) = event.content else {
                Issue.record("\(event.content)")
                return
            }
            #expect(read == change)
            #expect(Array(read.summary.utf8) == Array(text.utf8))
        }
    }

    static let commands: [Action.Command] = [
        .updateIncidents([
            IncidentUpdate(incidentID: 1, status: .resolved, title: "t\u{0}/\"\\", urgency: .low, resolution: ""),
            IncidentUpdate(incidentID: .max),
        ]),
        .updateIncidents([]),
        .createService(
            ServiceSettings(
                name: "caf\u{E9}", description: "\u{1F525}", acknowledgementTimeout: 1, autoResolveTimeout: .max)
        ),
        .createService(ServiceSettings(name: "plain")),
        .createIntegration(service: 1, name: "\u{301}", key: "abcdefgh", defaultSeverity: .info),
        .disableIntegration(2), .enableIntegration(2),
        .rotateIntegrationKey(2, key: "k2345678", previousKeyExpiresAt: nil),
        .rotateIntegrationKey(2, key: "k2345678", previousKeyExpiresAt: Timestamp(milliseconds: .max)),
        .createToken(name: "ci", hash: Array(0...31), isReadOnly: true), .revokeToken(5),
    ]

    @Test(arguments: commands)
    func actionsComeBack(command: Action.Command) throws {
        for requester in [Action.Requester.commandLine, .user(7, name: "Ada: \u{0}caf\u{E9}\u{2028}")] {
            let action = Action(requester: requester, command: command)
            let moment = Timestamp(milliseconds: 1)
            let (event, body) = try roundTrip(EventBodyCoding.event(action, receivedAt: moment))
            #expect(event.content == .action(action))
            let again = EventBodyCoding.event(action, receivedAt: moment)
            #expect(!body.contains(10) && body == again.body)
            let stored = try connection.first("SELECT kind, action FROM events WHERE id = ?", { $0.add(event.id) }) {
                [$0.text(0), $0.text(1)]
            }
            #expect(stored == ["action", command.name])
        }
    }

    @Test(arguments: TimerKind.allCases)
    func timersComeBack(kind: TimerKind) throws {
        let timer = TimerEvent(kind: kind, subjectID: 4711, dueAt: Timestamp(milliseconds: .max))
        let (event, _) = try roundTrip(EventBodyCoding.event(timer, receivedAt: Timestamp(milliseconds: 1)))
        #expect(event.content == .timer(timer))
    }

    @Test func everyByteOfABodyComesBack() throws {
        let bodies: [[UInt8]] = [
            [], [0], Array(0...255), Array(repeating: 0xFF, count: 524_288), Array("{\"a\": 1.0e+400 }\r\n".utf8),
        ]
        for expected in bodies {
            var event = EventMaker.event(.trigger, integration: 1)
            event.body = expected
            let (_, body) = try roundTrip(event)
            #expect(body == expected)
        }
    }

    @Test(arguments: [
        "INSERT INTO events (id, received_at, kind, action, body) VALUES (1, 1, 'action', 'from_the_future', '{}')",
        "INSERT INTO events (id, received_at, kind, action, body) VALUES (1, 1, 'action', 'create_service', x'ff')",
        "INSERT INTO events (id, received_at, kind, action, body) VALUES (1, 1, 'timer', 'snooze', x'')",
        "INSERT INTO events (id, received_at, kind, action, body) VALUES (1, 1, 'v2', 'escalate', x'7b7d')",
    ])
    func aRowThatCannotBeReadHasAnOutcomeAndDoesNotStopTheFold(statement: String) throws {
        try connection.execute(statement.replacing("'{}'", with: "x'7b7d'"))
        try connection.append([try EventMaker.action(.createService(ServiceSettings(name: "Shop")))])
        try connection.fold(batch: 512)
        #expect(try OutcomeRows.read(1, connection)?.name == "dropped")
        #expect(try OutcomeRows.read(1, connection)?.reason == "unreadable event")
        #expect(try OutcomeRows.read(2, connection)?.name == "applied")
    }

    @Test func numbersAreNeverUsedAgain() throws {
        #expect(try EventRows.nextID(connection) == 1)
        try connection.append([
            EventMaker.event(.resolve, integration: 1), EventMaker.event(.resolve, integration: 1),
        ])
        try connection.fold(batch: 512)
        #expect(try EventRows.nextID(connection) == 3)
        try connection.execute("DELETE FROM events")
        #expect(try EventRows.nextID(connection) == 3)
    }

    @Test func readingIsInOrderAfterANumberAndBounded() throws {
        try connection.append((0..<10).map { _ in EventMaker.event(.resolve, integration: 1) })
        #expect(try EventRows.read(after: 3, limit: 4, from: connection).map(\.id) == [4, 5, 6, 7])
        #expect(try EventRows.read(after: 3, through: 5, limit: 4, from: connection).map(\.id) == [4, 5])
        #expect(try EventRows.read(after: 10, limit: 4, from: connection).isEmpty)
    }
}

@Suite struct AgentTextTests {
    static let agents: [Agent] =
        [.integration(2, .v1), .integration(.max, .v2), .service(0), .commandLine]
        + [
            "Ada", "", ":", "a:b:c", "::", "user:1:x", "\u{301}Ada", "\u{200D}", "\u{FE0F}x", "\u{1F3FB}", "\u{0}",
            "\n", "\u{1F1E6}", "caf\u{E9}", "cafe\u{301}", " ", "\u{0903}",
        ].map { .user(7, name: $0) }

    @Test(arguments: agents)
    func everyAgentComesBack(agent: Agent) throws {
        let read = try #require(Agent(text: agent.text), "\(agent.text) is not read")
        #expect(read == agent)
        #expect(Array(read.text.utf8) == Array(agent.text.utf8))
    }

    @Test(arguments: [
        "", ":", "v1", "v1:", "v1:x", "v3:1", "service", "service:", "user", "user:7", "user:x:Ada", "User:7:Ada",
        "command_line:1", "command line", "v1:1.5", "v1: 1", "v1:99999999999999999999", "nobody:1",
    ])
    func whatIsNoAgentIsNotRead(text: String) {
        #expect(Agent(text: text) == nil)
    }
}
