import Alerting
import GatewayTesting
import Store
import Testing

/// The forms that actions and timers have in the log, held by `Tests/Fixtures/log`: one file for each command and each
/// kind of timer, in form 1, which is only read, and in form 2. A line of a file is a stored body.
@Suite struct StoredFormTests {
    private let temporary: TemporaryDatabase
    private let connection: Connection

    init() throws {
        temporary = try TemporaryDatabase()
        connection = try temporary.database.openWriter(creating: true)
    }

    /// What the program reads in a row of the log with that body.
    private func read(_ kind: String, _ action: String, _ body: [UInt8]) throws -> EventContent {
        let id = try EventRows.nextID(connection)
        try connection.run(
            "INSERT INTO events (id, received_at, kind, action, body) VALUES (?, 0, ?, ?, ?)"
        ) { row in
            row.add(id)
            row.add(kind)
            row.add(action)
            row.add(body)
        }
        return try #require(try EventRows.read(after: id - 1, limit: 1, from: connection).first).content
    }

    private func action(_ body: [UInt8]) throws -> Action? {
        if case .action(let action) = try read("action", "test", body) { action } else { nil }
    }

    private func timer(_ body: [UInt8]) throws -> TimerEvent? {
        if case .timer(let timer) = try read("timer", "test", body) { timer } else { nil }
    }

    private func reason(_ kind: String, _ body: String) throws -> String? {
        if case .unreadable(let reason) = try read(kind, "test", Array(body.utf8)) { reason } else { nil }
    }

    private static func body(_ action: Action) -> [UInt8] {
        EventBodyCoding.event(action, receivedAt: Timestamp(milliseconds: 0)).body
    }

    private static func body(_ timer: TimerEvent) -> [UInt8] {
        EventBodyCoding.event(timer, receivedAt: Timestamp(milliseconds: 0)).body
    }

    // MARK: Fixtures

    @Test(arguments: ["form-1", "form-2"])
    func everyCommandAndTimerHasAFixture(form: String) throws {
        let actions = Action.Kind.allCases.map { $0.rawValue + ".jsonl" }.sorted()
        #expect(try Fixtures.names(in: "log/\(form)/actions") == actions)
        let timers = TimerKind.allCases.map { $0.rawValue + ".jsonl" }.sorted()
        #expect(try Fixtures.names(in: "log/\(form)/timers") == timers)
    }

    @Test(arguments: Action.Kind.allCases)
    func theFixturesOfACommandAreItsStoredForms(kind: Action.Kind) throws {
        let expected = try StoredFormSamples.actions().filter { $0.command.kind == kind }
        let second = try Fixtures.lines("log/form-2/actions/\(kind.rawValue).jsonl")
        try #require(second.count == expected.count)
        for (line, action) in zip(second, expected) {
            #expect(try self.action(line) == action)
            #expect(Self.body(action) == line, "\(String(decoding: line, as: UTF8.self))")
        }
        // What was added since form 1 was given up stands in form 2 alone.
        for (place, line) in try Fixtures.lines("log/form-1/actions/\(kind.rawValue).jsonl").enumerated() {
            let read = try #require(try action(line))
            #expect(read == expected[place])
            // Equality of Swift's texts is wider than that of their bytes.
            #expect(Self.body(read) == second[place])
            #expect(FirstFormWriter.body(read) == line)
        }
    }

    @Test(arguments: TimerKind.allCases)
    func theFixturesOfATimerAreItsStoredForms(kind: TimerKind) throws {
        let expected = StoredFormSamples.timers.filter { $0.kind == kind }
        let second = try Fixtures.lines("log/form-2/timers/\(kind.rawValue).jsonl")
        try #require(second.count == expected.count)
        for (line, timer) in zip(second, expected) {
            #expect(try self.timer(line) == timer)
            #expect(Self.body(timer) == line)
        }
        for (place, line) in try Fixtures.lines("log/form-1/timers/\(kind.rawValue).jsonl").enumerated() {
            #expect(try timer(line) == expected[place])
            #expect(FirstFormWriter.body(expected[place]) == line)
        }
    }

    /// A member that is added to a command has to be added here, and is then held by the fixtures.
    @Test(arguments: Action.Kind.allCases)
    func oneSampleOfEachCommandHasEveryMember(kind: Action.Kind) throws {
        let samples = try StoredFormSamples.actions().filter { $0.command.kind == kind }
        let absent = samples.map { Self.absent(in: $0.command, at: kind.rawValue) }
        #expect(absent.contains([]), "\(absent)")
    }

    /// The places of what is nil in a value; of an array only the first element has to be whole.
    private static func absent(in value: Any, at path: String) -> [String] {
        if value is MatcherSet { return [] }
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional, mirror.children.isEmpty { return [path] }
        let children = mirror.displayStyle == .collection ? Array(mirror.children.prefix(1)) : Array(mirror.children)
        return children.flatMap { absent(in: $0.value, at: "\(path).\($0.label ?? "")") }
    }

    // MARK: What cannot be read

    /// Each member of each fixture, at every depth: renamed, it never gives an action with less in it.
    @Test(arguments: ["form-1", "form-2"])
    func aRenamedMemberMakesAnActionUnreadable(form: String) throws {
        let lines = try Action.Kind.allCases.flatMap { kind in
            try Fixtures.lines("log/\(form)/actions/\(kind.rawValue).jsonl")
        }
        let count = try connection.transaction(.immediate) {
            var count = 0
            for line in lines {
                let text = String(decoding: line, as: UTF8.self)
                for match in text.matches(of: /[{,]"([A-Za-z0-9_]+)":/) {
                    count += 1
                    let damaged = text[..<match.1.startIndex] + "x" + text[match.1.startIndex...]
                    let reason = try reason("action", String(damaged))
                    #expect(reason != nil, "\(damaged)")
                }
            }
            return count
        }
        #expect(count > 250)
    }

    @Test(arguments: [
        ("action", "", "not JSON"), ("action", "[]", "not an object"), ("action", "{}", "lacks the member \"action\""),
        ("action", #"{"action":"from_the_future","requester":{"type":"command_line"}}"#, "\"action\""),
        ("action", #"{"action":"revoke_token","requester":{"type":"command_line"}}"#, "lacks the member \"token_id\""),
        (
            "action", #"{"action":"revoke_token","requester":{"type":"command_line"},"token_id":1,"since":2}"#,
            "unknown member \"since\""
        ),
        (
            "action", #"{"action":"revoke_token","requester":{"type":"command_line"},"token_id":"1"}"#,
            "\"token_id\" of the action is not a whole number"
        ),
        (
            "action", #"{"action":"revoke_token","requester":{"type":"command_line"},"token_id":9223372036854775808}"#,
            "not a whole number"
        ),
        (
            "action", #"{"action":"revoke_token","requester":{"type":"command_line"},"token_id":null}"#,
            "not a whole number"
        ),
        (
            "action", #"{"action":"revoke_token","requester":{"type":"webhook"},"token_id":1}"#,
            "the requester's type \"webhook\" is unknown"
        ),
        ("action", #"{"command":{},"requester":{"commandLine":{}}}"#, "exactly one member"),
        ("action", #"{"command":{"fly":{}},"requester":{"commandLine":{}}}"#, "the command \"fly\" is unknown"),
        ("action", #"{"command":{"revokeToken":{"_0":1}}}"#, "lacks the member \"requester\""),
        ("timer", #"{"timer":"alarm","subject_id":1,"due_at":1}"#, "\"timer\""),
        ("timer", #"{"timer":"snooze","subject_id":1}"#, "lacks the member \"due_at\""),
        ("timer", #"{"kind":"snooze","subjectID":1,"dueAt":1}"#, "lacks the member \"incidentID\""),
    ])
    func theReasonNamesTheMember(kind: String, body: String, reason: String) throws {
        let found = try self.reason(kind, body)
        #expect(found?.contains(reason) == true, "\(String(describing: found))")
    }

    @Test func theReasonDoesNotShowWhatAMemberHolds() throws {
        let body = """
            {"action":"create_integration","requester":{"type":"command_line"},"service_id":1,"name":"n",\
            "default_severity":"secret-key","integration_key":"secret-key"}
            """
        let reason = try #require(try reason("action", body))
        #expect(reason.contains("default_severity") && !reason.contains("secret"))
    }

    // MARK: Columns

    /// The JSON in the tables of settings is compared byte by byte by `alertgate verify`: it stays as it was.
    @Test func theJSONInColumnsStaysAsItIs() throws {
        let now = Timestamp(milliseconds: 1_700_000_000_000)
        try connection.append(
            try StoredFormSamples.actions().filter {
                switch $0.command {
                case .createService(let settings): settings.name != "grouped"
                case .createSilence, .createInhibitionRule: true
                default: false
                }
            }.map { EventBodyCoding.event($0, receivedAt: now) })
        try connection.fold(batch: 512)
        let sample = #"Ada: \u0000caf\#u{E9} cafe\#u{301} \#u{1F525}\#u{2028}\#u{7F}\u001f \"quoted\" \\ / \n\r\t\b\f"#
        let matchers = """
            [{"comparison":"=","label":"severity","value":"warning"},{"comparison":"!=","label":"source","value":"\(sample)"},\
            {"comparison":"=~","label":"summary","value":"db-.*"},{"comparison":"!~","label":"client","value":"x|y"}]
            """
        func column(_ query: String) throws -> [UInt8]? {
            try connection.first(query) { Array($0.text(0).utf8) }
        }
        let grouping = """
            {"rules":{"_0":[{"fields":["summary","source","component","group","custom_details.caf\u{E9} \\"x\\""],\
            "isRolling":true,"isStrict":true,"matchers":\(matchers),"timeWindow":60},{"fields":[],"isRolling":false,\
            "isStrict":false,"matchers":[]}],"alertLimit":250}}
            """
        #expect(
            try column("SELECT alert_grouping FROM services WHERE alert_grouping IS NOT NULL") == Array(grouping.utf8))
        #expect(
            try column("SELECT flap_detection || storm_detection FROM services WHERE flap_detection IS NOT NULL")
                == Array(#"{"changes":4,"quiet":1800,"window":3600}{"quiet":300,"thresholds":[20,100,500]}"#.utf8))
        #expect(try column("SELECT matchers FROM silences WHERE recurrence IS NOT NULL") == Array(matchers.utf8))
        #expect(
            try column("SELECT recurrence FROM silences WHERE recurrence IS NOT NULL")
                == Array(
                    """
                    {"duration":7200,"localStart":"2026-01-03T22:00","rule":"FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU",\
                    "timeZone":"UTC"}
                    """.utf8))
        #expect(
            try column("SELECT recurrence FROM silences WHERE recurrence LIKE '%Berlin%'")
                == Array(
                    """
                    {"duration":28785,"exdates":["2027-01-02","2028-01-01T22:00:30","2029-01-06T21:00:30Z"],\
                    "localStart":"2026-01-03T22:00:30","rule":"FREQ=YEARLY;BYMONTH=1,7;BYDAY=1SA;BYHOUR=2,22;BYSETPOS=-1;\
                    UNTIL=20301231T235959","timeZone":"Europe/Berlin","untilTime":"06:00:15"}
                    """.utf8))
    }
}
