import Alerting
import Foundation
import GatewayTesting
import Store
import Testing

extension Faults {
    /// A migration is whole or not there, wherever the program ends.
    @Suite(.timeLimit(.minutes(10))) struct MigrationEnds {
        @Test func anEndInsideTheFirstLeavesAnEmptyFile() async throws {
            try await blocking {
                let temporary = try TemporaryDatabase()
                let path = temporary.database.path
                for _ in 0..<3 {
                    try Self.migrate(path, endingInside: 1)
                    #expect(try DatabaseShell.lines(path, "PRAGMA user_version") == ["0"])
                    #expect(try DatabaseShell.lines(path, "SELECT count(*) FROM sqlite_schema") == ["0"])
                }
                try Self.expectMigrated(path)
            }
        }

        /// A database with rows, as an older program left it. The program ends inside the next step, is started again and
        /// ends in it once more, then inside the step after that; at last it comes to its end.
        @Test(arguments: 2...7) func anEndInsideALaterOneLeavesTheRowsAsTheyWere(version: Int) async throws {
            try await blocking {
                let newer = try TemporaryDatabase()
                // The older programs knew nothing, or not all, of what holds alerts back.
                try Self.fill(newer.database, holdsAlertsBack: version == 6)
                let older = try TemporaryDatabase()
                let path = older.database.path
                // What an end inside a step leaves of an empty file is the schema of the step before.
                try Self.migrate(path, endingInside: version)
                try OlderDatabase(path: path).copyRows(from: newer.database)
                let counts = "SELECT count(*), (SELECT count(*) FROM incidents) FROM events"
                let expected = try DatabaseShell.lines(newer.database.path, counts)
                #expect(expected.first?.split(separator: "|").allSatisfy { Int($0) ?? 0 > 20 } == true, "\(expected)")
                for (step, left) in [(1, version - 1), (1, version - 1), (2, version)] where left < 6 {
                    try Self.migrate(path, endingInside: step)
                    #expect(try DatabaseShell.lines(path, "PRAGMA user_version") == ["\(left)"])
                    #expect(try DatabaseShell.lines(path, "PRAGMA integrity_check") == ["ok"])
                    #expect(try DatabaseShell.lines(path, counts) == expected)
                }
                try Self.expectMigrated(path)
                #expect(try DatabaseShell.lines(path, counts) == expected)
            }
        }

        /// Makes a log of 400 random events, and what it gives.
        private static func fill(_ database: Database, holdsAlertsBack: Bool) throws {
            let log = try RandomLog(seed: 5, count: 400, holdsAlertsBack: holdsAlertsBack)
            let writer = try database.openWriter(creating: true)
            try writer.transaction(.immediate) {
                for (index, event) in log.events.enumerated() {
                    try EventRows.insert(event, id: Int64(index + 1), into: writer)
                }
            }
            writer.close()
            _ = try DaemonProcess.checked(["rebuild", "--db", database.path])
        }

        /// Migrates until the program ends inside the n-th step from where the file is.
        private static func migrate(_ path: String, endingInside step: Int) throws {
            let result = try RunningProgram.run(
                DaemonProcess.executable, ["migrate", "--db", path],
                environment: ["ALERTGATE_FAILPOINT": "insideMigration:\(step)"])
            #expect(result.status == 137, "the place was not reached: \(result)")
        }

        /// Starts it again, and lets it come to its end. Where there is an eighth step the cases above have to go on to it.
        private static func expectMigrated(_ path: String) throws {
            _ = try DaemonProcess.checked(["migrate", "--db", path])
            #expect(try DatabaseShell.lines(path, "PRAGMA user_version") == ["7"])
            #expect(try DatabaseShell.lines(path, "PRAGMA integrity_check") == ["ok"])
            _ = try DaemonProcess.checked(["verify", "--db", path])
        }
    }
}
