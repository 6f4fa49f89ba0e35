import Alerting
import FoundationEssentials
import GatewayTesting
import Testing

@testable import Store

/// What the fold reads in bodies, for grouping: `Tests/Fixtures/details` holds bodies and just what is read in each. The
/// reader is part of what an old log means (docs/adr/0018-the-stored-form-of-the-log.md): these files do not change.
@Suite struct EventDetailsTests {
    private let temporary: TemporaryDatabase
    private let connection: Connection

    init() throws {
        temporary = try TemporaryDatabase()
        connection = try temporary.database.openWriter(creating: true)
    }

    private static func names() throws -> [String] {
        try Fixtures.names(in: "details").filter { $0.hasSuffix(".body") }.map { String($0.dropLast(5)) }
    }

    @Test func thereAreBodies() throws {
        #expect(try Self.names().count == 27)
    }

    @Test(arguments: try names())
    func whatIsReadIsWhatItWas(name: String) throws {
        let expected = try JSONDecoder().decode(
            [String: String?].self, from: Data(try Fixtures.bytes("details/\(name).details.json")))
        let body = try Fixtures.bytes("details/\(name).body")
        try connection.run(
            "INSERT INTO events (id, received_at, kind, action, integration_id, dedup_key, content_digest, body) "
                + "VALUES (1, 0, ?, 'trigger', 1, 'k', 0, ?)"
        ) { row in
            row.add(String(name.prefix(2)))
            row.add(body)
        }
        let found = try EventDetails.values(of: Array(expected.keys), in: 1, connection)
        for (key, value) in expected {
            #expect(found[key].map { Array($0.utf8) } == value.map { Array($0.utf8) }, "\(key)")
        }
        #expect(found.count == expected.values.filter { $0 != nil }.count)
        // Keys that nobody asks for are not read.
        #expect(try EventDetails.values(of: ["some other"], in: 1, connection).isEmpty)
    }

    @Test func anEventThatIsGoneHasNoDetails() throws {
        #expect(try EventDetails.values(of: ["a"], in: 4711, connection).isEmpty)
    }
}
