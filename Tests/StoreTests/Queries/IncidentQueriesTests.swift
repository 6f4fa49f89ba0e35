import Alerting
import Store
import Testing

/// Lists of incidents against the plain reading of the specification: filter everything, sort everything, cut a page
/// (rest-api.md sections 4 and 5.1, decisions.md "REST").
@Suite struct IncidentQueriesTests {
    private let fixture: QueryFixture
    private let services: [ServiceID]
    private let everything: [Incident]
    private let keysOf: [IncidentID: Set<String>]

    /// Ninety incidents on ten services; some pairs share their creation time, two keys recur, a third is open.
    init() throws {
        fixture = try QueryFixture()
        var services: [ServiceID] = []
        var keysOf: [IncidentID: Set<String>] = [:]
        var integrations: [IntegrationID] = []
        for number in 0..<10 {
            services.append(try fixture.service("service \(number)"))
            integrations.append(try fixture.integration(of: services[number], key: "integration-key-\(number)"))
        }
        for number in 0..<90 {
            let integration = integrations[(number * 7) % 10]
            let key = number % 9 == 0 ? "recurring" : "key \(number)"
            let severity: Severity = number % 4 == 0 ? .info : .critical
            let time = Int64(1000 + number / 2 * 10)
            let before = fixture.lastID
            let id = try fixture.send(.trigger, key, by: integration, at: time, severity: severity)
            keysOf[id] = [key]
            switch number % 3 {
            case 0: try fixture.send(.resolve, key, by: integration, at: 5000 - time / 2)
            case 1 where number % 2 == 0: try fixture.send(.acknowledge, key, by: integration, at: time + 1)
            default: break
            }
            #expect(id == before + 1)
        }
        self.services = services
        self.keysOf = keysOf
        let all = try IncidentQueries.incidents(Array(1...fixture.lastID), fixture.connection)
        everything = all.values.sorted { $0.id < $1.id }
    }

    private static let windows = [
        TimeWindow.unbounded,
        TimeWindow(since: Timestamp(milliseconds: 1100), until: Timestamp(milliseconds: 1300)),
        TimeWindow(since: Timestamp(milliseconds: 1200)),
    ]

    private static let orders: [IncidentOrder] = {
        let single = IncidentOrder.Key.allCases.flatMap { key in
            [IncidentOrder.Term(key), IncidentOrder.Term(key, isDescending: true)]
        }
        return [.standard] + single.map { IncidentOrder([$0]) }
            + single.flatMap { first in single.map { IncidentOrder([first, $0]) } }
    }()

    private func matches(_ incident: Incident, _ filter: IncidentFilter) -> Bool {
        if let statuses = filter.statuses, !statuses.contains(incident.status) { return false }
        if let urgencies = filter.urgencies, !urgencies.contains(incident.urgency) { return false }
        if let services = filter.serviceIDs, !services.contains(incident.serviceID) { return false }
        if let key = filter.incidentKey, keysOf[incident.id]?.contains(key.text) != true { return false }
        if let since = filter.created.since, incident.createdAt < since { return false }
        if let until = filter.created.until, incident.createdAt >= until { return false }
        return true
    }

    /// Whether one comes before the other: nulls last ascending, low before high, ties by number in the direction of the
    /// last key.
    private func isOrdered(_ left: Incident, _ right: Incident, _ order: IncidentOrder) -> Bool {
        for term in order.terms {
            let (a, b) = (rank(left, term.key), rank(right, term.key))
            if a != b { return term.isDescending ? a > b : a < b }
        }
        return order.terms.last?.isDescending == true ? left.id > right.id : left.id < right.id
    }

    private func rank(_ incident: Incident, _ key: IncidentOrder.Key) -> Int64 {
        switch key {
        case .incidentNumber: incident.id
        case .createdAt: incident.createdAt.milliseconds
        case .resolvedAt: incident.resolvedAt?.milliseconds ?? .max
        case .urgency: incident.urgency == .low ? 0 : 1
        }
    }

    private static let statusSets: [Set<IncidentStatus>?] = [
        nil, [.triggered], [.acknowledged], [.resolved], [.triggered, .acknowledged], [.triggered, .resolved],
        [.acknowledged, .resolved], [.triggered, .acknowledged, .resolved], [],
    ]

    @Test("every filter with every order gives what filtering and sorting by hand gives", arguments: statusSets)
    func filtersAndOrders(_ statuses: Set<IncidentStatus>?) throws {
        let serviceSets: [Set<ServiceID>?] = [
            nil, [], [services[3]], Set(services[0...4]), Set(services), [services[1], 999_999],
        ]
        for serviceIDs in serviceSets {
            for urgencies: Set<Urgency>? in [nil, [.low], [.high, .low]] {
                for key in [nil, DedupKey("recurring"), DedupKey("RECURRING")] {
                    for window in Self.windows {
                        let filter = IncidentFilter(
                            statuses: statuses, urgencies: urgencies, serviceIDs: serviceIDs, incidentKey: key,
                            created: window)
                        let matching = everything.filter { matches($0, filter) }
                        for order in key == nil && urgencies == nil ? Self.orders : [.standard, Self.orders[4]] {
                            let expected = matching.sorted { isOrdered($0, $1, order) }.map(\.id)
                            let page = try IncidentQueries.list(
                                filter, order: order, page: PageRequest(limit: 100, countsAll: true),
                                fixture.connection)
                            guard page.elements.map(\.id) == expected, page.total == Int64(expected.count) else {
                                Issue.record("\(filter) \(order): \(page.elements.map(\.id)), not \(expected)")
                                return
                            }
                            #expect(!page.hasMore)
                        }
                    }
                }
            }
        }
    }

    @Test("pages laid end to end are the list", arguments: [1, 7, 25, 90, 100] as [Int64])
    func pages(_ limit: Int64) throws {
        let filter = IncidentFilter(statuses: [.triggered, .acknowledged])
        let expected = everything.filter { matches($0, filter) }.sorted { isOrdered($0, $1, .standard) }.map(\.id)
        var collected: [IncidentID] = []
        while true {
            let page = try IncidentQueries.list(
                filter, page: PageRequest(limit: limit, offset: Int64(collected.count)), fixture.connection)
            #expect(page.total == nil)
            #expect(page.elements.count <= Int(limit))
            collected += page.elements.map(\.id)
            guard page.hasMore else { break }
            #expect(!page.elements.isEmpty)
        }
        #expect(collected == expected)
    }

    @Test("an incident is found by its own key after its first alert has gone elsewhere, and by its alerts' keys")
    func keyOfMovedAlert() throws {
        let target = everything[5].id
        let source = everything[4]
        try fixture.connection.execute("UPDATE alerts SET incident_id = \(target) WHERE id = \(source.id)")
        let filter = IncidentFilter(incidentKey: source.incidentKey)
        let found = try IncidentQueries.list(filter, page: PageRequest(), fixture.connection)
        #expect(Set(found.elements.map(\.id)) == [source.id, target])
    }

    @Test("a canonically equivalent key is another key")
    func keysAreBytes() throws {
        let service = try fixture.service("accents")
        let integration = try fixture.integration(of: service, key: "accent-key")
        let composed = try fixture.send(.trigger, "caf\u{E9}", by: integration, at: 9000)
        let decomposed = try fixture.send(.trigger, "cafe\u{301}", by: integration, at: 9000)
        for (key, id) in [("caf\u{E9}", composed), ("cafe\u{301}", decomposed)] {
            let page = try IncidentQueries.list(
                IncidentFilter(incidentKey: DedupKey(key)), page: PageRequest(), fixture.connection)
            #expect(page.elements.map(\.id) == [id])
        }
    }

    @Test("ten thousand and one incidents: every page that may be asked for is full, and the last has more")
    func manyIncidents() throws {
        let many = try QueryFixture()
        let service = try many.service("busy")
        let integration = try many.integration(of: service, key: "busy-key")
        for batch in 0..<21 {
            let range = (batch * 500)..<min((batch + 1) * 500, 10_001)
            guard !range.isEmpty else { break }
            try many.append(
                range.map { number in
                    (Int64(number), QueryFixture.content(.trigger, "\(number)", by: integration), Array("{}".utf8))
                })
        }
        for (offset, count, hasMore) in [(0, 100, true), (5000, 100, true), (9900, 100, true), (9999, 1, true)] {
            let page = try IncidentQueries.list(
                IncidentFilter(),
                page: PageRequest(limit: Int64(count), offset: Int64(offset), countsAll: true), many.connection)
            #expect(page.elements.count == count)
            #expect(page.elements.first?.createdAt.milliseconds == Int64(offset))
            #expect(page.hasMore == hasMore)
            #expect(page.total == 10_001)
        }
        let last = try IncidentQueries.list(
            IncidentFilter(), page: PageRequest(limit: 100, offset: 9901), many.connection)
        #expect(last.elements.count == 100)
        #expect(!last.hasMore)
    }
}
