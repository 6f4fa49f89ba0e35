import Alerting
import Pipeline
import Store

/// Turns every stage on that keeps noise down, with silences and inhibition rules as a large installation has them. Few
/// match what the events of the benchmark say: what is measured is the looking.
enum NoiseRules {
    /// Half of them silences, half inhibition rules. One in a hundred of the rules has each event hold others back.
    static func make(_ count: Int, service: ServiceID, integration: IntegrationID, in database: Database) throws {
        let hand = Operator(database: database, creating: true)
        func perform(_ command: Action.Command) throws {
            _ = try hand.perform(Action(requester: .commandLine, command: command))
        }
        var update = ServiceUpdate()
        update.alertGrouping = .on(.contentBased(fields: [.source, .class], aggregate: .all, timeWindow: 300))
        update.flapDetection = .on(FlapDetection())
        // The events lie too far apart for a storm: what is measured is the counting.
        update.stormDetection = .on(StormDetection(thresholds: [StormDetection.thresholdRange.upperBound]))
        try perform(.updateService(service, update))
        var heartbeat = IntegrationUpdate()
        heartbeat.heartbeatInterval = Heartbeat.intervals.upperBound
        try perform(.updateIntegration(integration, heartbeat))
        let now = SystemClock().now()
        let window = Recurrence.Window(
            start: now.adding(seconds: -40 * 86_400), end: now.adding(seconds: 86_400))
        for number in 0..<(count / 2) {
            try perform(
                .createSilence(SilenceDraft(matchers: try LabelMatcher.parse(silence(number)), window: window)))
            let (source, target) = rule(number)
            try perform(
                .createInhibitionRule(
                    InhibitionRuleDraft(
                        source: try LabelMatcher.parse(source), target: try LabelMatcher.parse(target),
                        equal: ["source"])))
        }
    }

    private static func silence(_ number: Int) -> String {
        switch number % 5 {
        case 0: #"source=~"web-\#(number)-.*\.example\.com""#
        case 1: #"severity="warning", component="component-\#(number)""#
        case 2: #"summary=~".*backup job \#(number) .*""#
        case 3: #"dedup_key="nightly-\#(number)""#
        default: #"group="databases", class!~"capacity|latency", source="db-\#(number)""#
        }
    }

    private static func rule(_ number: Int) -> (source: String, target: String) {
        if number % 100 == 0 { return (#"severity="critical", group="databases""#, #"severity="info""#) }
        return (
            #"class="host down", component="component-\#(number)""#,
            #"severity=~"warning|error", component="component-\#(number)""#
        )
    }
}
