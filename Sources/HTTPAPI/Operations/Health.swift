import Alerting
import HTTPServer
import Pipeline
import Store
import WireJSON

/// What the gateway says of its own state, for `/readyz` and for the watchdog.
public struct Health: Sendable {
    /// One thing that was looked at.
    public struct Check: Sendable {
        /// writer, worker, files, disk, wal, schema.
        public var name: String
        /// Whether the gateway counts as not ready while it is not good. What is not essential is for a person to look at;
        /// events are taken and folded all the same.
        public var isEssential = true
        /// Whether it is as it should be.
        public var isGood: Bool
        /// What was found, for a person.
        public var detail: String
    }

    /// What was looked at, in a fixed order.
    public var checks: [Check]

    /// Whether events are taken, kept and folded.
    public var isReady: Bool { checks.allSatisfy { $0.isGood || !$0.isEssential } }

    /// The worker may be that many events behind before the gateway counts as not ready.
    static let maximumLag: Int64 = 50_000

    /// Looks at a pipeline. The completion is called on one of its queues.
    public static func look(
        at pipeline: Pipeline, completion: @escaping @Sendable (Health) -> Void
    ) {
        pipeline.log.probe { writer in
            pipeline.readNow({ try $0.schemaVersion() }) { version in
                completion(Health(pipeline, writer: writer, version: version))
            }
        }
    }

    private init(
        _ pipeline: Pipeline, writer: Result<Void, any Error>, version: Result<Int64, any Error>
    ) {
        let lag = max(0, pipeline.log.lastCommitted - pipeline.worker.applied)
        let isFailing = pipeline.worker.failingSince != nil
        let free = pipeline.disk.freeBytes
        checks = [
            Check(writer: writer),
            Check(
                name: "worker", isGood: !isFailing && lag <= Health.maximumLag,
                detail: isFailing ? "batches fail; \(lag) events behind" : "\(lag) events behind"),
            Check(filesOf: pipeline),
            Check(
                name: "disk", isGood: free != nil && !pipeline.disk.isBelowWatermark,
                detail: free.map { "\($0 / 1_048_576) MiB free" } ?? "free space unknown"),
            Check(writeAheadLogOf: pipeline),
            Check(version: version),
        ]
    }

    /// The answer of `/readyz`.
    var response: HTTPResponse {
        let checks = checks.map { check -> JSONValue in
            ["name": .string(check.name), "ok": .bool(check.isGood), "detail": .string(check.detail)]
        }
        let body: JSONValue = ["status": .string(isReady ? "ready" : "not ready"), "checks": .array(checks)]
        return HTTPResponse(status: isReady ? 200 : 503, body: body.serialized())
    }
}

extension Health.Check {
    /// A log that a reader's snapshot keeps from being reused. To call the gateway not ready would keep senders away from
    /// what still works.
    fileprivate init(writeAheadLogOf pipeline: Pipeline) {
        let bytes = pipeline.writeAheadLogBytes
        let isLarge = bytes > pipeline.largeWriteAheadLogBytes
        self.init(
            name: "wal", isEssential: false, isGood: !isLarge,
            detail: "\(bytes / 1_048_576) MiB" + (isLarge ? "; a reader keeps it from being reused" : ""))
    }

    /// Whether the database's files are those at their paths, and sound as far as they were read.
    fileprivate init(filesOf pipeline: Pipeline) {
        let damage = pipeline.log.isFoundDamaged ? "the database is damaged" : nil
        let detail = pipeline.log.displacement?.description ?? damage
        self.init(name: "files", isGood: detail == nil, detail: detail ?? "in place")
    }

    fileprivate init(writer: Result<Void, any Error>) {
        switch writer {
        case .success: self.init(name: "writer", isGood: true, detail: "answers")
        case .failure(let error): self.init(name: "writer", isGood: false, detail: "\(error)")
        }
    }

    fileprivate init(version: Result<Int64, any Error>) {
        switch version {
        case .success(let number): self.init(name: "schema", isGood: number > 0, detail: "version \(number)")
        case .failure(let error): self.init(name: "schema", isGood: false, detail: "\(error)")
        }
    }
}
