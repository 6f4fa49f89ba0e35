import Alerting
import Store
import WireJSON

extension AdminCall {
    /// A preview looks so many seconds back.
    private static let previewSeconds = DurationLimit.silencePreview

    /// `GET /silences`: the newest first, those that have ended included.
    func listSilences(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let page = try parameters.page()
        let filter = SilenceFilter(
            statuses: try parameters.set(
                "statuses", of: SilenceStatus.self, otherwise: "Status must be a list of pending, active or expired."),
            serviceIDs: parameters.numbers("service_ids", .service), now: api.now())
        read { connection in
            let silences = try SilenceQueries.list(filter, page: page, connection)
            let counts = try SilenceQueries.counts(silences.elements.map(\.id), connection)
            let writer = writer(try resources(for: silences.elements, connection), times)
            return AdminResponse(list: "silences", silences, page) {
                writer.silence($0, counts[$0.id] ?? SilenceCounts())
            }
        }
    }

    /// `GET /silences/{id}`.
    func showSilence(_ text: String, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.number(.silence, text)
        read { try silenceResponse(id, times, $0) }
    }

    /// `GET /silences/{id}/alerts`: all that it has held back.
    func listAlerts(
        heldBackBy text: String, _ parameters: QueryParameters, _ times: TimeParameters
    ) throws(AdminError) {
        let id = try Identifiers.number(.silence, text)
        let page = try parameters.page()
        let includes = Includes(parameters)
        read { connection in
            guard try SilenceQueries.silences([id], connection)[id] != nil else { throw AdminError.notFound }
            let alerts = try SilenceQueries.alerts(heldBackBy: id, page: page, connection)
            return try response(to: alerts, page, includes, times, connection)
        }
    }

    /// `POST /silences`.
    func createSilence(_ times: TimeParameters) throws(AdminError) {
        let requester = try requester()
        let wish = try SilenceChanges.wish(request.body, at: api.now(), times)
        withDraft(of: wish) { draft in
            perform(Action(requester: requester, command: .createSilence(draft)), path: []) { event, connection in
                try silenceResponse(event, status: 201, times, connection)
            }
        }
    }

    /// `POST /silences/preview`: what the silence would have held back of the last 24 hours. Nothing is changed.
    func previewSilence(_ times: TimeParameters) throws(AdminError) {
        let now = api.now()
        let wish = try SilenceChanges.wish(request.body, at: now, times)
        withDraft(of: wish) { draft in
            read { connection in
                if let refusal = draft.refusal(at: now) { throw AdminError(refusal, subject: nil, inPath: []) }
                let preview = try SilencePreview.run(
                    draft, since: now.adding(seconds: -AdminCall.previewSeconds), connection)
                var resources = Resources(connection)
                try resources.load(for: preview.samples, [])
                return AdminResponse(json: ["preview": writer(resources, times).preview(preview, of: draft)])
            }
        }
    }

    /// `PUT /silences/{id}`: another end, another comment.
    func updateSilence(_ text: String, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.number(.silence, text)
        let requester = try requester()
        let change = try SilenceChanges.Update(request.body, at: api.now(), times)
        requireUnchanged(id, change) {
            let action = Action(requester: requester, command: .updateSilence(id, change.update))
            perform(action, path: [id]) { _, connection in try silenceResponse(id, times, connection) }
        }
    }

    /// `DELETE /silences/{id}`: ends it. It stays in the list, as what it was.
    func endSilence(_ text: String) throws(AdminError) {
        let id = try Identifiers.number(.silence, text)
        try perform(.endSilence(id), path: [id]) { _, _ in .noContent }
    }

    /// Goes on where a change leaves alone what cannot be changed of a silence.
    private func requireUnchanged(
        _ id: SilenceID, _ change: SilenceChanges.Update, _ body: @escaping @Sendable () -> Void
    ) {
        guard change.hasFixedMembers else { return body() }
        let now = api.now()
        api.backend.read({ connection in
            guard let silence = try SilenceQueries.silences([id], connection)[id] else { throw AdminError.notFound }
            try change.requireUnchanged(silence, at: now)
        }) { result in
            switch result {
            case .success: body()
            case .failure(let error): completion(AdminError(backend: error).response)
            }
        }
    }

    /// Fills in what a silence takes from an incident, and goes on with that.
    private func withDraft(
        of wish: SilenceChanges.Wish, _ body: @escaping @Sendable (SilenceDraft) -> Void
    ) {
        guard let incident = wish.incidentID else { return body(wish.draft) }
        api.backend.read({ connection -> SilenceDraft in
            guard let found = try IncidentQueries.incidents([incident], connection)[incident] else {
                throw AdminError.invalidInput("incident not found: \(ExternalID.string(.incident, incident))")
            }
            var draft = wish.draft
            draft.serviceID = draft.serviceID ?? found.serviceID
            guard !wish.hasMatchers else { return draft }
            let alerts = try AlertQueries.list(
                AlertFilter(incidentID: incident), page: PageRequest(limit: Storm.maximumAlertCount), connection)
            draft.matchers = IncidentMatchers.matchers(for: alerts.elements)
            guard !draft.matchers.isEmpty else {
                throw AdminError.invalidInput("The incident's alerts have nothing in common; give matchers")
            }
            return draft
        }) { result in
            switch result {
            case .success(let draft): body(draft)
            case .failure(let error): completion(AdminError(backend: error).response)
            }
        }
    }

    private func silenceResponse(
        _ id: SilenceID, status: Int = 200, _ times: TimeParameters, _ connection: Connection
    ) throws -> AdminResponse {
        guard let silence = try SilenceQueries.silences([id], connection)[id] else { throw AdminError.notFound }
        let counts = try SilenceQueries.counts([id], connection)[id] ?? SilenceCounts()
        let writer = writer(try resources(for: [silence], connection), times)
        return AdminResponse(json: ["silence": writer.silence(silence, counts)], status: status)
    }

    /// What silences refer to.
    func resources(for silences: [Silence], _ connection: Connection) throws -> Resources {
        var resources = Resources(connection)
        try resources.load(services: silences.compactMap(\.serviceID), expanding: false)
        try resources.load(agents: silences.flatMap { [$0.createdBy, $0.endedBy].compactMap { $0 } }, expanding: false)
        return resources
    }
}
