import Alerting
import Foundation
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// A damaged file: what its log still holds is saved, and a daemon that finds the damage takes nothing more in.
@Suite(.timeLimit(.minutes(5))) struct DamageTests {
    private let temporary: TemporaryDatabase
    private var database: Database { temporary.database }
    private var recovered: Database { Database(path: temporary.path("recovered.db")) }

    init() throws {
        temporary = try TemporaryDatabase()
    }

    /// A folded log of a service, an integration and so many triggers of a kilobyte each; then nobody has it open.
    private func fill(_ count: Int) async throws -> IntegrationID {
        let pipeline = try Pipeline.open(database)
        let integration = try await pipeline.makeIntegration()
        let receipts = Collector<EventID>()
        for number in 0..<count {
            var new = EventMaker.event(.trigger, "key \(number)", integration: integration)
            new.body = Array("body \(number) of many ".utf8) + Array(repeating: UInt8(ascii: "x"), count: 1000)
            try pipeline.log.append(new) { result in
                if case .success(let id) = result { receipts.add(id) }
            }
            // A slow disk would refuse more than it lets wait.
            if number % 1000 == 999 { _ = await receipts.collected(number + 1) }
        }
        _ = await receipts.collected(count)
        await pipeline.stop()
        return integration
    }

    /// Overwrites the pages that hold a text.
    private func damage(pagesWith text: String) throws {
        let file = URL(filePath: database.path)
        var bytes = try Data(contentsOf: file)
        var found = 0
        var from = bytes.startIndex
        while let range = bytes.range(of: Data(text.utf8), in: from..<bytes.endIndex) {
            let size = Database.pageSize
            let page = range.lowerBound / size * size
            bytes.replaceSubrange(page..<(page + size), with: Data(repeating: 0xAA, count: size))
            found += 1
            from = page + size
        }
        try #require(found > 0)
        try bytes.write(to: file)
    }

    @Test func aSoundFileIsRecoveredWhole() async throws {
        _ = try await fill(200)
        let report = try Recovery.run(from: database, into: recovered)
        #expect(report.events == 202 && report.gaps.isEmpty)
        let (before, after) = (try database.openReader(), try recovered.openReader())
        #expect(try before.everything() == after.everything())
        #expect(try Verification.run(recovered).isClean)
    }

    @Test func whatCanBeReadIsSavedAndTheRestIsNamed() async throws {
        let integration = try await fill(9000)
        try damage(pagesWith: "body 4000 of")
        try damage(pagesWith: "body 8000 of")
        let before = try Data(contentsOf: URL(filePath: database.path))
        let report = try Recovery.run(from: database, into: recovered)
        #expect(try Data(contentsOf: URL(filePath: database.path)) == before)
        #expect(report.gaps.count == 2)
        let missing = report.gaps.map { Int64($0.count) }.reduce(0, +)
        // No more events of a kilobyte are gone than two pages hold.
        #expect(missing <= Int64(2 * Database.pageSize / 1000) && report.events == 9002 - missing)
        #expect(report.gaps.first?.contains(4000 + 3) == true && report.gaps.last?.contains(8000 + 3) == true)
        #expect(try Verification.run(recovered).isClean)
        // It serves on, and no number is given twice.
        let pipeline = try Pipeline.open(recovered)
        #expect(pipeline.directory.integration(forKey: "abcdefgh", at: pipeline.clock.now())?.id == integration)
        #expect(try await pipeline.log.take(EventMaker.event(.trigger, "new", integration: integration)) == 9003)
        await pipeline.stop()
    }

    @Test func recoveringWritesOverNothingAndNeedsAFile() async throws {
        #expect(throws: StoreError.self) { try Recovery.run(from: database, into: recovered) }
        #expect(!recovered.exists)
        _ = try await fill(1)
        try Data("precious".utf8).write(to: URL(filePath: recovered.path))
        #expect(throws: StoreError.self) { try Recovery.run(from: database, into: recovered) }
        #expect(try Data(contentsOf: URL(filePath: recovered.path)) == Data("precious".utf8))
    }

    @Test func anEmptyFileIsNoDatabaseToRebuild() throws {
        try Data().write(to: URL(filePath: database.path))
        #expect(throws: StoreError.self) { try Rebuild.run(database) }
        #expect(throws: StoreError.self) { try Pruning.run(database, policy: RetentionPolicy()) }
        #expect(try Data(contentsOf: URL(filePath: database.path)).isEmpty)
    }

    @Test func aDaemonThatFindsDamageTakesNoMoreEvents() async throws {
        let integration = try await fill(3000)
        // The alerts and their index of open ones hold the keys; the fold looks a key up for each event.
        try damage(pagesWith: "key 1500")
        let pipeline = try Pipeline.open(database)
        let failures = Collector<AppendError>()
        var number = 1400
        // On a busy machine others are refused for their share before the damage is met.
        while !failures.values.contains(where: { if case .damaged = $0 { true } else { false } }) {
            try Task.checkCancellation()
            do throws(AppendError) {
                let event = EventMaker.event(.trigger, "key \(number)", integration: integration, digest: Int64(number))
                try pipeline.log.append(event) { result in
                    if case .failure(let error) = result { failures.add(error) }
                }
            } catch {
                failures.add(error)
            }
            number = number < 1600 ? number + 1 : 1400
            await Task.yield()
        }
        let refused = await #expect(throws: AppendError.self) {
            _ = try await pipeline.log.take(EventMaker.event(.trigger, "later", integration: integration))
        }
        guard case .damaged = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
        // It may well be able to write, and is not ready all the same.
        await #expect(throws: AppendError.self) { try await pipeline.log.probed() }
        await pipeline.stop()
    }
}
