import Alerting
import EventsAPI
import HTTPServer
import Pipeline
import Store

/// `/metrics` in Prometheus' text format
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format). No label holds a key or a token.
struct MetricsPage {
    /// What is asked of the database, in one snapshot.
    struct Stored: Sendable {
        var triggered: Int64
        var acknowledged: Int64
        var suppressed: (silenced: Int64, inhibited: Int64)
        var silences: Int64
        var storms: Int64
        var databaseBytes: Int64
        var freeBytes: Int64
        var oldestWaiting: Timestamp?

        /// Reads it; `applied` is the last event that the worker has applied.
        static func read(_ connection: Connection, applied: EventID) throws -> Stored {
            Stored(
                triggered: try IncidentQueries.countOpen(.triggered, connection),
                acknowledged: try IncidentQueries.countOpen(.acknowledged, connection),
                suppressed: try AlertQueries.countSuppressed(connection),
                silences: try SilenceQueries.countCurrent(connection),
                storms: try IncidentQueries.countStorms(connection),
                databaseBytes: try connection.databaseBytes(),
                freeBytes: try connection.freePageCount() * connection.pageSize(),
                oldestWaiting: try EventRows.firstReceipt(after: applied, connection))
        }
    }

    /// The page's media type.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// A page. Where the database cannot be read, what is `stored` in it is left out.
    init(
        _ pipeline: Pipeline, requests: RequestMeasurements.Snapshot, stored: Stored?, listener: HTTPListener?,
        isReady: Bool, build: BuildInfo, started: Timestamp
    ) {
        add(
            "alertgate_build_info", "gauge",
            "Always 1. The labels hold the version, the commit it was built from, and the SQLite version in use.")
        add(
            "alertgate_build_info",
            [("version", build.version), ("commit", build.commit), ("sqlite", build.sqlite)], "1")
        single(
            "alertgate_ready", "gauge",
            "1 if the gateway is ready, as /readyz reports, else 0.",
            isReady ? "1" : "0")
        single(
            "alertgate_start_timestamp_seconds", "gauge", "When the gateway was started.",
            "\(Double(started.milliseconds) / 1000)")
        addFaults(pipeline)
        addEvents(pipeline.measurements.snapshot)
        addWorker(pipeline, stored)
        addRequests(requests)
        addListener(listener)
        addStorage(pipeline, stored)
    }

    private mutating func addFaults(_ pipeline: Pipeline) {
        let name = "alertgate_storage_fault"
        add(name, "gauge", "1 while the database has that fault, else 0.")
        for (fault, isThere) in [
            ("damaged", pipeline.log.isFoundDamaged), ("displaced", pipeline.log.displacement != nil),
            ("space_unknown", pipeline.disk.freeBytes == nil),
        ] { add(name, [("fault", fault)], isThere ? "1" : "0") }
    }

    private mutating func addEvents(_ counts: Measurements.Snapshot) {
        add("alertgate_events_total", "counter", "Events applied, by kind, action and outcome.")
        for (label, count) in counts.applied.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            add(
                "alertgate_events_total",
                [("kind", label.kind), ("action", label.action), ("outcome", label.outcome)], "\(count)")
        }
        single(
            "alertgate_events_set_aside_total", "counter",
            "Events without a meaning, and events that could not be applied.",
            "\(counts.setAside)")
        single("alertgate_events_committed_total", "counter", "Events on disk.", "\(counts.committedEvents)")
        single("alertgate_commits_total", "counter", "Commits with events.", "\(counts.commits)")
        single("alertgate_commit_failures_total", "counter", "Commits that failed.", "\(counts.failedCommits)")
        histogram("alertgate_commit_seconds", "How long commits took, sync included.", counts.commitSeconds)
        histogram("alertgate_commit_events", "Events in one commit.", counts.commitEvents)
        single(
            "alertgate_worker_failures_total", "counter", "Batches that the worker could not apply.",
            "\(counts.failedBatches)")
    }

    private mutating func addWorker(_ pipeline: Pipeline, _ stored: Stored?) {
        let lag = max(0, pipeline.log.lastCommitted - pipeline.worker.applied)
        single("alertgate_worker_lag_events", "gauge", "Committed events that are not applied yet.", "\(lag)")
        single("alertgate_queue_events", "gauge", "Events that wait for the disk.", "\(pipeline.log.waitingCount)")
        guard let stored else { return }
        let age = stored.oldestWaiting.map { max(0, pipeline.clock.now().milliseconds - $0.milliseconds) } ?? 0
        single(
            "alertgate_worker_lag_seconds", "gauge", "Age of the oldest event that is not applied yet.",
            "\(Double(age) / 1000)")
        add("alertgate_open_incidents", "gauge", "Incidents that are not resolved, by status.")
        add("alertgate_open_incidents", [("status", "triggered")], "\(stored.triggered)")
        add("alertgate_open_incidents", [("status", "acknowledged")], "\(stored.acknowledged)")
        add("alertgate_suppressed_alerts", "gauge", "Open alerts that are held back, by what holds them.")
        add("alertgate_suppressed_alerts", [("by", "silence")], "\(stored.suppressed.silenced)")
        add("alertgate_suppressed_alerts", [("by", "inhibition")], "\(stored.suppressed.inhibited)")
        single("alertgate_silences", "gauge", "Silences that have not ended.", "\(stored.silences)")
        single("alertgate_storms", "gauge", "Open incidents that collect the alerts of a storm.", "\(stored.storms)")
    }

    private mutating func addRequests(_ requests: RequestMeasurements.Snapshot) {
        add("alertgate_rejections_total", "counter", "Requests to the Events API that were refused, by reason.")
        // All of them from the start: what grows from nothing to one is no growth in the eyes of `rate`.
        for reason in RejectionReason.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            let count = requests.rejections[reason, default: 0]
            add("alertgate_rejections_total", [("reason", reason.rawValue)], "\(count)")
        }
        add("alertgate_events_unavailable_total", "counter", "Events answered 503, by reason.")
        for reason in AppendError.Reason.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            let count = requests.unavailable[reason, default: 0]
            add("alertgate_events_unavailable_total", [("reason", reason.rawValue)], "\(count)")
        }
        single(
            "alertgate_events_ignored_total", "counter", "Events of disabled integrations, answered and not recorded.",
            "\(requests.ignoredForDisabled)")
        single(
            "alertgate_events_latin1_total", "counter",
            "Events whose body was not UTF-8 and was read as ISO 8859-1.", "\(requests.latin1Events)")
        add("alertgate_admin_answers_total", "counter", "Answers of the admin API, by status.")
        for (status, count) in requests.adminAnswers.sorted(by: { $0.key < $1.key }) {
            add("alertgate_admin_answers_total", [("status", "\(status)")], "\(count)")
        }
    }

    private mutating func addListener(_ listener: HTTPListener?) {
        single("alertgate_connections", "gauge", "Open connections.", "\(listener?.openConnections ?? 0)")
        let name = "alertgate_listener_refusals_total"
        add(
            name, "counter",
            "What the listener turned away, by what it had no room or no time for, or did not understand.")
        let refusals = listener?.refusals ?? [:]
        for refusal in ListenerRefusal.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
            add(name, [("of", refusal.rawValue)], "\(refusals[refusal, default: 0])")
        }
    }

    private mutating func addStorage(_ pipeline: Pipeline, _ stored: Stored?) {
        if let stored {
            single("alertgate_database_bytes", "gauge", "Size of the database.", "\(stored.databaseBytes)")
            single(
                "alertgate_database_free_bytes", "gauge", "Unused bytes inside the database.", "\(stored.freeBytes)")
        }
        single("alertgate_wal_bytes", "gauge", "Size of the write-ahead log.", "\(pipeline.writeAheadLogBytes)")
        single(
            "alertgate_wal_large_bytes", "gauge",
            "Size above which a reader is assumed to hold up the write-ahead log.",
            "\(pipeline.largeWriteAheadLogBytes)")
        let counts = pipeline.measurements.snapshot
        single(
            "alertgate_retention_removed_incidents_total", "counter", "Incidents removed by retention.",
            "\(counts.retention.incidents)")
        single(
            "alertgate_retention_removed_events_total", "counter",
            "Events removed for their age or with their incident.", "\(counts.retention.events)")
        single(
            "alertgate_retention_freed_bytes_total", "counter", "Bytes of the database file released by retention.",
            "\(counts.retention.bytes)")
        histogram(
            "alertgate_retention_step_seconds", "How long a step of retention held the writer, with its commit.",
            counts.retentionStepSeconds)
        single(
            "alertgate_retention_last_pass_timestamp_seconds", "gauge",
            "When retention last came to its end; 0 before it first does.",
            "\(Double(counts.lastRetentionPass?.milliseconds ?? 0) / 1000)")
        if let free = pipeline.disk.freeBytes {
            single("alertgate_volume_free_bytes", "gauge", "Free bytes on the database's volume.", "\(free)")
        }
    }

    private mutating func single(_ name: String, _ type: String, _ help: String, _ value: String) {
        add(name, type, help)
        add(name, [], value)
    }

    private mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        add(name, "histogram", help)
        var cumulated: Int64 = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            cumulated += count
            add(name + "_bucket", [("le", "\(bound)")], "\(cumulated)")
        }
        add(name + "_bucket", [("le", "+Inf")], "\(histogram.total)")
        add(name + "_sum", [], "\(histogram.sum)")
        add(name + "_count", [], "\(histogram.total)")
    }

    private mutating func add(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func add(_ name: String, _ labels: [(String, String)], _ value: String) {
        let inside = labels.map { "\($0)=\"\($1)\"" }.joined(separator: ",")
        text += inside.isEmpty ? "\(name) \(value)\n" : "\(name){\(inside)} \(value)\n"
    }
}
