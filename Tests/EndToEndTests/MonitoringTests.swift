import Foundation
import GatewayTesting
import Testing

extension EndToEnd {
    /// What watches the gateway speaks of what there is: the rules for Prometheus, the page for the operator and
    /// `/metrics` name the same things.
    @Suite struct MonitoringTests {
        private static func text(_ path: String) throws -> String {
            try String(contentsOf: repository.appending(path: path), encoding: .utf8)
        }

        /// The names of all metric families in a text.
        private static func names(in text: String) -> Set<String> {
            Set(text.matches(of: /alertgate_[a-z_]+/).map { String($0.0) })
        }

        /// The families of a page, with their types.
        private static func families(_ page: String) -> [String: String] {
            let lines = page.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            let pairs = lines.map { $0.split(separator: " ").map(String.init) }.map { ($0[2], $0[3]) }
            return Dictionary(pairs) { first, _ in first }
        }

        /// The first cells of the tables of docs/operations.md, without the marks around them.
        private static func rows() throws -> [String] {
            try text("docs/operations.md").split(separator: "\n").filter { $0.hasPrefix("| ") }.compactMap {
                $0.split(separator: "|").first?.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
            }
        }

        @Test func everyFigureIsExplainedAndEveryRuleIsAboutOne() async throws {
            let page = try await withDaemon { try $0.get("/metrics").text }
            let families = Self.families(page)
            #expect(families.count > 25)
            // Before anything has happened: what a rule looks at is there from the first scrape.
            let lines = page.split(separator: "\n")
            for name in families.keys where !["alertgate_events_total", "alertgate_admin_answers_total"].contains(name)
            {
                #expect(
                    lines.contains { $0.hasPrefix("\(name) ") || $0.hasPrefix("\(name){") || $0.hasPrefix("\(name)_") })
            }
            let explained = try Self.rows().filter { $0.hasPrefix("alertgate_") }
            #expect(explained.count == Set(explained).count)
            #expect(Set(explained) == Set(families.keys))
            let rules = try Self.text("etc/prometheus/alertgate.rules.yml")
            let expressions = rules.split(separator: "\n").filter { !$0.contains("#") && !$0.contains("summary:") }
            var used: Set<String> = []
            for name in Self.names(in: expressions.joined(separator: "\n")) {
                let isHistogram = { (suffix: String) in
                    name.hasSuffix(suffix) && families[String(name.dropLast(suffix.count))] == "histogram"
                }
                let isThere = families[name] != nil || ["_bucket", "_sum", "_count"].contains(where: isHistogram)
                #expect(isThere, "\(name) is in a rule and not on the page")
                used.insert(name)
            }
            #expect(used.count > 8)
        }

        /// A label's value in a rule that no sample has would never match.
        @Test func theReasonsInRulesAreReasonsThatThereAre() async throws {
            let page = try await withDaemon { try $0.get("/metrics").text }
            let rules = try Self.text("etc/prometheus/alertgate.rules.yml")
            let reasons = rules.matches(of: /reason=~?"([a-z_|]+)"/).flatMap { $0.1.split(separator: "|") }
            #expect(reasons.count > 4)
            for reason in reasons {
                #expect(page.contains(#"alertgate_rejections_total{reason="\#(reason)"} 0"#), "\(reason)")
            }
        }

        @Test func everyAlarmHasItsRow() throws {
            let rules = try Self.text("etc/prometheus/alertgate.rules.yml")
            let alarms = rules.matches(of: /- alert: ([A-Za-z]+)/).map { String($0.1) }
            #expect(alarms.count > 10 && alarms.count == Set(alarms).count)
            let explained = try Self.rows().filter { $0.hasPrefix("Alertgate") }
            #expect(Set(alarms) == Set(explained) && explained.count == alarms.count)
            // Each is a group's member with an expression and a summary.
            #expect(rules.matches(of: #/expr: /#).count == alarms.count)
            #expect(rules.matches(of: #/summary: /#).count == alarms.count)
        }
    }
}
