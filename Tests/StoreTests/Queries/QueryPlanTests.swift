import Alerting
import Testing

@testable import Store

/// Every query is answered from an index, whatever is asked for (SQLite: https://www.sqlite.org/eqp.html).
@Suite struct QueryPlanTests {
    private static let tables = [
        "incidents", "alerts", "log_entries", "services", "integrations", "change_events", "notes", "events",
        "api_tokens",
    ]

    private let fixture: QueryFixture

    init() throws {
        fixture = try QueryFixture()
    }

    private func plan(_ sql: BoundSQL) throws -> [String] {
        try fixture.connection.rows(BoundSQL(text: "EXPLAIN QUERY PLAN \(sql.text)", values: sql.values)) {
            $0.text(3)
        }
    }

    /// What in a plan reads a table from end to end without an index.
    private func scans(_ plan: [String]) -> [String] {
        plan.filter { step in
            Self.tables.contains { step == "SCAN \($0)" || step.hasPrefix("SCAN \($0) ") }
                && !step.contains("USING INDEX") && !step.contains("USING COVERING INDEX")
        }
    }

    private func sorts(_ plan: [String]) -> Bool {
        plan.contains { $0.contains("TEMP B-TREE") && $0.contains("ORDER BY") }
    }

    private static let statusSets: [Set<IncidentStatus>?] = [
        nil, [.triggered], [.acknowledged], [.resolved], [.triggered, .acknowledged], [.triggered, .resolved],
        [.acknowledged, .resolved], [.triggered, .acknowledged, .resolved],
    ]
    private static let urgencySets: [Set<Urgency>?] = [nil, [.low]]
    private static let serviceSets: [Set<ServiceID>?] = [
        nil, [1], [1, 2], Set(1...8), Set(1...500),
    ]
    private static let windows = [
        TimeWindow.unbounded, TimeWindow(since: Timestamp(milliseconds: 5)),
        TimeWindow(until: Timestamp(milliseconds: 9)),
        TimeWindow(since: Timestamp(milliseconds: 5), until: Timestamp(milliseconds: 9)),
    ]
    private static let orders: [IncidentOrder] = {
        let single = IncidentOrder.Key.allCases.flatMap { key in
            [IncidentOrder.Term(key), IncidentOrder.Term(key, isDescending: true)]
        }
        let double = single.flatMap { first in single.map { IncidentOrder([first, $0]) } }
        return [.standard] + single.map { IncidentOrder([$0]) } + double
    }()

    @Test(arguments: [IncidentStatus.triggered, .acknowledged])
    func openIncidentsAreCountedInTheirIndexAlone(_ status: IncidentStatus) throws {
        let plan = try plan(BoundSQL(IncidentQueries.openCount(status)))
        #expect(plan == ["SEARCH incidents USING COVERING INDEX incidents_open (status=?)"])
        #expect(try IncidentQueries.countOpen(status, fixture.connection) >= 0)
    }

    @Test("a list of incidents, by every combination of filters and orders", arguments: statusSets)
    func incidents(_ statuses: Set<IncidentStatus>?) throws {
        for urgencies in Self.urgencySets {
            for services in Self.serviceSets {
                for key in [nil, DedupKey("key")] {
                    for window in [Self.windows[0], Self.windows[3]] {
                        let filter = IncidentFilter(
                            statuses: statuses, urgencies: urgencies, serviceIDs: services, incidentKey: key,
                            created: window)
                        try checkIncidents(filter)
                    }
                }
            }
        }
    }

    private func checkIncidents(_ filter: IncidentFilter) throws {
        for order in filter.urgencies == nil ? Self.orders : [.standard] {
            let sql = IncidentListSQL(filter: filter, order: order)
            let rows = try plan(sql.rows.paged(PageRequest()))
            // The table itself is the index of the numbers.
            let isByNumber = sql.rows.text.contains("NOT INDEXED") && order.terms[0].key == .incidentNumber
            if !isByNumber { #expect(scans(rows).isEmpty, "\(sql.rows.text)\n\(rows)") }
            if order == .standard, filter.incidentKey == nil {
                #expect(!sorts(rows), "\(sql.rows.text)\n\(rows)")
            }
        }
        let count = IncidentListSQL(filter: filter, order: .standard).count
        let counting = try plan(count)
        #expect(scans(counting).isEmpty, "\(count.text)\n\(counting)")
    }

    @Test("open incidents are found without reading a row", arguments: statusSets.prefix(3))
    func openIncidentsAreCovered(_ statuses: Set<IncidentStatus>?) throws {
        guard let statuses else { return }
        for services in Self.serviceSets {
            let filter = IncidentFilter(
                statuses: statuses, urgencies: [.high], serviceIDs: services, created: Self.windows[3])
            let steps = try plan(IncidentListSQL(filter: filter, order: .standard).rows.paged(PageRequest()))
            let onIncidents = steps.filter { $0.contains(" incidents ") }
            #expect(onIncidents.allSatisfy { $0.contains("USING COVERING INDEX incidents_open") }, "\(steps)")
        }
    }

    @Test("the newest or oldest incidents, of all or of one service, come in the order of an index")
    func commonOrdersDoNotSort() throws {
        let orders = [
            IncidentOrder([IncidentOrder.Term(.createdAt, isDescending: true)]),
            IncidentOrder([IncidentOrder.Term(.createdAt)]),
        ]
        for order in orders {
            for filter in [
                IncidentFilter(), IncidentFilter(statuses: [.triggered, .acknowledged]),
                IncidentFilter(serviceIDs: [7]),
                IncidentFilter(statuses: [.resolved], created: Self.windows[3]),
            ] {
                let rows = try plan(IncidentListSQL(filter: filter, order: order).rows.paged(PageRequest()))
                #expect(!sorts(rows), "\(rows)")
            }
        }
        for isDescending in [false, true] {
            let byNumber = IncidentOrder([IncidentOrder.Term(.incidentNumber, isDescending: isDescending)])
            let byResolution = IncidentOrder([IncidentOrder.Term(.resolvedAt, isDescending: isDescending)])
            let resolved = IncidentFilter(statuses: [.resolved])
            #expect(try !sorts(plan(IncidentListSQL(filter: IncidentFilter(), order: byNumber).rows)))
            #expect(try !sorts(plan(IncidentListSQL(filter: resolved, order: byResolution).rows)))
        }
    }

    @Test("alerts of an incident")
    func alerts() throws {
        let terms = AlertFilter.Key.allCases.flatMap {
            [AlertFilter.Term($0), AlertFilter.Term($0, isDescending: true)]
        }
        let orders: [[AlertFilter.Term]] =
            [[]] + terms.map { [$0] } + terms.flatMap { first in terms.map { [first, $0] } }
        for key in [nil, DedupKey("key")] {
            for statuses: Set<AlertStatus>? in [nil, [.triggered], [.resolved], [.triggered, .resolved]] {
                for order in orders {
                    let filter = AlertFilter(incidentID: 1, key: key, statuses: statuses, order: order)
                    let rows = try plan(AlertQueries.rows(filter).paged(PageRequest()))
                    #expect(scans(rows).isEmpty, "\(rows)")
                    if order.isEmpty, key == nil { #expect(!sorts(rows), "\(rows)") }
                    #expect(try scans(plan(AlertQueries.count(filter))).isEmpty)
                }
            }
        }
    }

    @Test("log entries of one incident and of all")
    func logEntries() throws {
        for incident in [nil, 1 as Int64] {
            for window in Self.windows {
                for isOverview in [false, true] {
                    let filter = LogEntryFilter(incidentID: incident, created: window, isOverview: isOverview)
                    let rows = try plan(LogEntryQueries.rows(filter).paged(PageRequest()))
                    #expect(scans(rows).isEmpty, "\(rows)")
                    #expect(!sorts(rows), "\(rows)")
                    #expect(try scans(plan(LogEntryQueries.count(filter))).isEmpty)
                }
            }
        }
    }

    @Test("services") func services() throws {
        for query in [nil, "a"] {
            for name in [nil, "b"] {
                for isDescending in [false, true] {
                    let filter = ServiceFilter(query: query, name: name, isDescending: isDescending)
                    let rows = try plan(ServiceQueries.rows(filter).paged(PageRequest()))
                    #expect(scans(rows).isEmpty, "\(rows)")
                    #expect(!sorts(rows), "\(rows)")
                    #expect(try scans(plan(ServiceQueries.count(filter))).isEmpty)
                }
            }
        }
    }

    @Test("change events") func changeEvents() throws {
        for ids: Set<IntegrationID>? in [nil, [], [1], [1, 2]] {
            for window in Self.windows {
                let filter = ChangeEventFilter(integrationIDs: ids, occurred: window)
                let rows = try plan(ChangeEventQueries.rows(filter).paged(PageRequest()))
                #expect(scans(rows).isEmpty, "\(rows)")
                #expect(!sorts(rows), "\(rows)")
                #expect(try scans(plan(ChangeEventQueries.count(filter))).isEmpty)
            }
        }
    }

    @Test("everything that is looked up by number or owner") func lookups() throws {
        let ids: [Int64] = [1, 2, 3]
        for sql in [
            IncidentQueries.byNumbers(ids), AlertQueries.byNumbers(ids), LogEntryQueries.byNumbers(ids),
            ServiceQueries.byNumbers(ids), ServiceQueries.newestIncidents(ids), ServiceQueries.openIncidents(ids),
            ServiceQueries.integrationsOfServices(ids), ServiceQueries.integrationsByNumbers(ids),
            EventQueries.headsByNumbers(ids), EventQueries.bodiesByNumbers(ids), ChangeEventQueries.byNumber(1),
            NoteQueries.rows(of: 1),
        ] {
            let steps = try plan(sql)
            #expect(scans(steps).isEmpty, "\(sql.text)\n\(steps)")
            #expect(!sorts(steps), "\(sql.text)\n\(steps)")
        }
        // The tokens come in the order of the table itself, of which there is no other.
    }
}
