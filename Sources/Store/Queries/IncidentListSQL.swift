import Alerting

/// Finds the numbers of the incidents in a list. No set of the filter is empty.
///
/// Which index to go along is decided here, not by SQLite's planner, which knows nothing of how many incidents there
/// are of each kind: a million resolved ones, and a few that are open. Each index is named, so that a schema that lacks
/// it fails at once instead of scanning the table (https://www.sqlite.org/lang_indexedby.html).
struct IncidentListSQL {
    let filter: IncidentFilter
    let order: IncidentOrder

    /// How many services are gone through one by one. More are picked out of all incidents instead.
    static let maximumServiceArms = 8

    /// The numbers, in order, each in the first column. Where there is more than one arm, each comes in order, and SQLite
    /// merges them: no row is sorted, and no more are read than are wanted.
    var rows: BoundSQL {
        var sql = BoundSQL.joined(arms, by: " UNION ALL ")
        sql.text += " ORDER BY \(orderTerms)"
        return sql
    }

    /// How many there are.
    var count: BoundSQL {
        let union = BoundSQL.joined(arms, by: " UNION ALL ")
        return BoundSQL(text: "SELECT count(*) FROM (\(union.text))", values: union.values)
    }

    /// Where the candidates come from.
    private enum Source {
        /// The alerts with the key that was asked for.
        case key(DedupKey)
        /// Open incidents: the index has all that can be filtered by.
        case open
        /// The incidents of a few services.
        case services([ServiceID])
        /// Incidents in the order of their resolution, then the open ones.
        case resolution
        /// Incidents by number.
        case number
        /// Incidents by creation.
        case creation
    }

    private var source: Source {
        if let key = filter.incidentKey { return .key(key) }
        if !includesResolved { return .open }
        if let services = filter.serviceIDs, services.count <= Self.maximumServiceArms {
            return .services(services.sorted())
        }
        guard filter.created.isUnbounded else { return .creation }
        return switch order.terms[0].key {
        case .incidentNumber: .number
        case .resolvedAt: .resolution
        case .createdAt, .urgency: .creation
        }
    }

    private var statuses: Set<IncidentStatus> { filter.statuses ?? Set(IncidentStatus.allCases) }
    private var includesResolved: Bool { statuses.contains(.resolved) }
    private var openStatuses: [IncidentStatus] {
        [IncidentStatus.triggered, .acknowledged].filter(statuses.contains)
    }

    private var arms: [BoundSQL] {
        switch source {
        case .key(let key): return [keyed(by: key)]
        case .open: return openStatuses.map(open)
        case .services(let ids):
            return ids.map { id in
                select(
                    from: "incidents INDEXED BY incidents_service",
                    [BoundSQL("service_id = ?", .integer(id))] + createdCondition + statusCondition + urgencyCondition)
            }
        case .resolution:
            let resolved = select(
                from: "incidents INDEXED BY incidents_resolved",
                [BoundSQL("resolved_at IS NOT NULL")] + urgencyCondition + serviceCondition)
            return [resolved] + openStatuses.map(open)
        case .number:
            return [
                select(from: "incidents NOT INDEXED", statusCondition + urgencyCondition + serviceCondition)
            ]
        case .creation:
            return [
                select(
                    from: "incidents INDEXED BY incidents_created",
                    createdCondition + statusCondition + urgencyCondition + serviceCondition)
            ]
        }
    }

    /// The open incidents of one status, out of `incidents_open` alone. The second condition is the index's own: SQLite
    /// does not see that the first implies it (https://www.sqlite.org/partialindex.html).
    private func open(_ status: IncidentStatus) -> BoundSQL {
        select(
            from: "incidents INDEXED BY incidents_open",
            [BoundSQL("status = '\(status.rawValue)' AND status <> 'resolved'")]
                + createdCondition + urgencyCondition + serviceCondition)
    }

    /// The incidents that have an alert with the key, and those whose own key it is. An incident's key is that of its
    /// first alert, which the same event opened and which therefore has the incident's number, wherever a merge moved
    /// it: so that `incident_key` needs no index. Those that a person opened, and those of alerts that were held back
    /// before, have their keys in `incident_keys`.
    private func keyed(by key: DedupKey) -> BoundSQL {
        let alerts = "alerts INDEXED BY alerts_key WHERE dedup_key = ?"
        return select(
            from: "incidents",
            [
                BoundSQL(
                    "id IN (SELECT incident_id FROM \(alerts) UNION ALL SELECT id FROM \(alerts) "
                        + "UNION ALL SELECT incident_id FROM incident_keys WHERE incident_key = ?)",
                    .text(key.text), .text(key.text), .text(key.text))
            ] + createdCondition + statusCondition + urgencyCondition + serviceCondition)
    }

    /// The number, and what the order needs besides.
    private func select(from table: String, _ conditions: [BoundSQL]) -> BoundSQL {
        BoundSQL("SELECT \(columns.joined(separator: ", ")) FROM \(table)").filtered(by: conditions)
    }

    private var columns: [String] {
        var columns = ["id"]
        for term in effectiveTerms {
            switch term.key {
            case .incidentNumber: break
            case .createdAt: columns.append("created_at")
            case .resolvedAt: columns.append("resolved_at")
            case .urgency: columns.append("urgency")
            }
        }
        return columns
    }

    /// The keys that make a difference: none after the number, none twice, and no time of resolution among open
    /// incidents, which have none.
    private var effectiveTerms: [IncidentOrder.Term] {
        var terms: [IncidentOrder.Term] = []
        for term in order.terms where !terms.contains(where: { $0.key == term.key || $0.key == .incidentNumber }) {
            if term.key == .resolvedAt, !includesResolved { continue }
            terms.append(term)
        }
        return terms
    }

    private var orderTerms: String {
        var texts: [String] = []
        for term in effectiveTerms {
            let direction = term.isDescending ? " DESC" : ""
            switch term.key {
            case .incidentNumber: texts.append("id\(direction)")
            case .createdAt: texts.append("created_at\(direction)")
            case .resolvedAt: texts.append(resolutionTerm(isDescending: term.isDescending))
            // 'high' < 'low' as text.
            case .urgency: texts.append(term.isDescending ? "urgency" : "urgency DESC")
            }
        }
        if !effectiveTerms.contains(where: { $0.key == .incidentNumber }) {
            texts.append(order.terms.last?.isDescending == true ? "id DESC" : "id")
        }
        return texts.joined(separator: ", ")
    }

    private func resolutionTerm(isDescending: Bool) -> String {
        let isWithoutNull = statuses == [.resolved]
        return switch (isDescending, isWithoutNull) {
        case (false, true): "resolved_at"
        case (true, true): "resolved_at DESC"
        case (false, false): "resolved_at NULLS LAST"
        case (true, false): "resolved_at DESC NULLS FIRST"
        }
    }

    // MARK: Conditions

    private var createdCondition: [BoundSQL] { filter.created.condition(on: "created_at") }

    private var statusCondition: [BoundSQL] {
        let wanted = IncidentStatus.allCases.filter(statuses.contains)
        guard wanted.count < IncidentStatus.allCases.count else { return [] }
        return [BoundSQL("status IN (\(wanted.map { "'\($0.rawValue)'" }.joined(separator: ", ")))")]
    }

    private var urgencyCondition: [BoundSQL] {
        guard let urgencies = filter.urgencies, urgencies.count < Urgency.allCases.count else { return [] }
        return [BoundSQL(urgencies.first.map { "urgency = '\($0.rawValue)'" } ?? "0")]
    }

    private var serviceCondition: [BoundSQL] {
        guard let services = filter.serviceIDs else { return [] }
        if services.count == 1, let id = services.first { return [BoundSQL("service_id = ?", .integer(id))] }
        return [BoundSQL.membership(of: "service_id", in: services.sorted())]
    }
}
