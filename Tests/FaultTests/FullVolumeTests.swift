import Foundation
import GatewayTesting
import Pipeline
import Store
import Testing

extension Faults {
    /// A volume without space: said in time by the watermark, survived without it.
    @Suite(.timeLimit(.minutes(10))) struct FullVolumes {
        @Test func aFullVolumeIsAnsweredAndComesBack() async throws {
            let volume = try SmallVolume(mebibytes: 24)
            let site = try await Site(volume.database)
            var answered: [String] = []
            for round in 0..<Effort.of(3, soak: 50) {
                try volume.fill()
                // The WAL may have room from earlier commits; it ends.
                var refused = 0
                var number = 0
                while refused < 3 {
                    number += 1
                    try #require(number < 20_000, "a full volume takes everything")
                    let key = "\(round)/\(number)"
                    let reply = try await site.post(padded(key))
                    switch reply.status {
                    case 202: answered.append(key)
                    case 503:
                        refused += 1
                        #expect(reply.header("Retry-After") != nil)
                    default: Issue.record("\(reply.status) \(reply.text)")
                    }
                }
                try await site.becomes(503)
                volume.empty()
                try await site.becomes(200)
                let key = "\(round)/after"
                try await site.expectTaken(key)
                answered.append(key)
            }
            try await site.expectAlerts(answered)
            await site.stop()
            try expectSound(volume.database)
        }

        @Test func theWatermarkRefusesBeforeTheVolumeIsFull() async throws {
            let volume = try SmallVolume(mebibytes: 24)
            var settings = Pipeline.Settings()
            settings.minimumFreeBytes = 8 << 20
            let site = try await Site(volume.database, settings: settings)
            try await site.expectTaken("before")
            try volume.fill(leaving: 6 << 20)
            try await site.becomes(503)
            try await site.expectUnavailable("refused")
            #expect(try await site.get("/readyz").text.contains(#""name":"disk","ok":false"#))
            // Queries and metrics are answered: somebody has to find out.
            #expect(try await site.get("/metrics").status == 200)
            volume.empty()
            try await site.becomes(200)
            try await site.expectTaken("after")
            try await site.expectAlerts(["before", "after"])
            await site.stop()
            try expectSound(volume.database)
        }

        /// A volume that is full when the gateway starts.
        @Test func aGatewayThatCannotMakeItsFileSaysSo() async throws {
            let volume = try SmallVolume(mebibytes: 8)
            try volume.fill()
            #expect(throws: StoreError.self) { _ = try Pipeline.open(volume.database) }
            volume.empty()
            let pipeline = try Pipeline.open(volume.database)
            _ = try await pipeline.makeIntegration()
            await pipeline.stop()
            try expectSound(volume.database)
        }

        /// The kernel refuses to make a volume read-only under a file that is open to write, so this is met at a start; what a
        /// disk does that turns read-only under way is a write that fails.
        @Test func aReadOnlyVolumeIsRefusedAndComesBack() async throws {
            let volume = try SmallVolume(mebibytes: 24)
            let site = try await Site(volume.database)
            try await site.expectTaken("before")
            await site.stop()
            try volume.remount(readOnly: true)
            #expect(throws: StoreError.self) { _ = try Pipeline.open(volume.database) }
            try volume.remount(readOnly: false)
            let pipeline = try Pipeline.open(volume.database)
            let id = try await pipeline.log.take(EventMaker.event(.trigger, "after", integration: 2))
            #expect(id > 1)
            try await pipeline.caughtUp()
            await pipeline.stop()
            try expectSound(volume.database)
        }

        private func padded(_ key: String) -> String {
            let padding = String(repeating: "x", count: 60_000)
            return #"{"routing_key":"\#(Site.key)","event_action":"trigger","dedup_key":"\#(key)","#
                + #""payload":{"summary":"s","source":"db1","severity":"critical","custom_details":"\#(padding)"}}"#
        }
    }
}
