import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// A database that a test folds and prunes step by step, without a daemon.
final class RetentionFixture {
    let temporary: TemporaryDatabase
    let writer: Connection
    /// Ages of one day: `now` is a day after the moment before which things go.
    let policy = RetentionPolicy(days: 1)

    static let start = Timestamp(milliseconds: 1_700_000_000_000)

    init() throws {
        temporary = try TemporaryDatabase()
        writer = try temporary.database.openWriter(creating: true)
    }

    var database: Database { temporary.database }

    /// Appends events and folds them; gives the number of the last.
    @discardableResult
    func fold(_ events: [NewEvent]) throws -> EventID {
        try writer.transaction(.immediate) {
            var id = try EventRows.nextID(writer) - 1
            for event in events {
                id += 1
                try EventRows.insert(event, id: id, into: writer)
            }
            try LogFold.run(on: writer, as: .first)
            return id
        }
    }

    @discardableResult
    func fold(_ event: NewEvent) throws -> EventID { try fold([event]) }

    @discardableResult
    func act(_ command: Action.Command, at seconds: Int64) throws -> EventID {
        try fold(try EventMaker.action(command, at: Self.at(seconds)))
    }

    /// Makes a service and an integration, numbers 1 and 2.
    func makeIntegration() throws -> IntegrationID {
        try act(.createService(ServiceSettings(name: "Shop")), at: 0)
        return try act(
            .createIntegration(service: 1, name: "Prometheus", key: "abcdefgh", defaultSeverity: .critical), at: 0)
    }

    /// So many seconds after the start.
    static func at(_ seconds: Int64) -> Timestamp { start.adding(seconds: seconds) }

    /// Removes what was over before so many seconds after the start. `beforeStep` is told each step before it is taken.
    @discardableResult
    func prune(
        before seconds: Int64, limits: RetentionLimits = RetentionLimits(), policy: RetentionPolicy? = nil,
        beforeStep: (RetentionStep) throws -> Void = { _ in }, afterStep: () throws -> Void = {}
    ) throws -> RetentionCounts {
        try withoutActuallyEscaping(beforeStep) { beforeStep in
            try withoutActuallyEscaping(afterStep) { afterStep in
                var pass = RetentionPass(
                    connection: writer, policy: policy ?? self.policy, now: Self.at(seconds + 86_400), limits: limits
                ) { [writer] step in
                    try beforeStep(step)
                    let result = try writer.transaction(.immediate) {
                        try step.carryOut(on: writer, nanoseconds: limits.nanoseconds)
                    }
                    try afterStep()
                    return result
                }
                try pass.run()
                return pass.counts
            }
        }
    }

    func requireVerified(_ comment: String = "", location: SourceLocation = #_sourceLocation) throws {
        let report = try Verification.run(database)
        try #require(report.isClean, "\(comment) \(report.differences) \(report.damage)", sourceLocation: location)
    }

    func count(_ table: String) throws -> Int64 { try writer.integer("SELECT count(*) FROM \(table)") ?? -1 }

    func ids(_ query: String) throws -> [Int64] { try writer.all(query) { $0.integer(0) } }

    func outcome(of event: EventID) throws -> StoredOutcome? { try OutcomeRows.read(event, writer) }
}

/// How many rows of the big tables a step removes at most.
extension RetentionStep {
    var size: Int {
        switch self {
        case .mark(let groups): groups.reduce(0) { $0 + $1.members.count + $1.sharedActions.count }
        case .markAlerts(let alerts): alerts.count
        case .remove(let removals): removals.count
        case .giveBack(let pages, _): Int(pages)
        }
    }
}
