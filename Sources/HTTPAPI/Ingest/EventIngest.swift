import Alerting
import EventsAPI
import HTTPServer
import Logging
import Pipeline
import Synchronization

/// Takes events: reads the request, appends to the log, and answers once the event is on disk, never before
/// (docs/architecture.md, promise 1). Runs on the event loops.
final class EventIngest: Sendable {
    private let log: EventLog
    private let directory: SettingsDirectory
    private let clock: any TimeSource
    private let throttle: Throttle
    private let measurements: RequestMeasurements
    private let logger: Logger
    private let keyWarnings = Mutex(Reminders<IntegrationID>(every: 3600))
    private let latin1Notices = Mutex(Reminders<IntegrationID>(every: 3600))
    private let refusals = Mutex(Reminders<Refused>(every: 60))
    private let unavailabilities = Mutex(Reminders<AppendError.Reason>(every: 60))

    init(pipeline: Pipeline, limits: EventRateLimits, measurements: RequestMeasurements, logger: Logger) {
        log = pipeline.log
        directory = pipeline.directory
        clock = pipeline.clock
        throttle = Throttle(limits: limits)
        self.measurements = measurements
        self.logger = logger
    }

    func setLimits(_ limits: EventRateLimits) {
        throttle.setLimits(limits)
    }

    /// What is refused before the body is read: 405, 415 and, by its announced length, 413, in that order.
    func admit(_ head: HTTPRequest.Head) -> Admission {
        guard head.method == "POST" else {
            return .refuse(refusal(.methodNotAllowed, headers: [("Allow", "POST")]))
        }
        guard ContentCoding(head.headers) != .unsupported else { return .refuse(refusal(.unsupportedEncoding)) }
        return .read(maximumBodyBytes: EventLimits.maximumBodyBytes) { self.refusal(.tooLarge) }
    }

    /// Judges an event and has it appended. The reply comes when the commit is done.
    func respond(to request: HTTPRequest, on route: IngestRoute, from address: String, reply: Reply) {
        do throws(EventRejection) {
            try take(request, route, address, reply)
        } catch {
            noteRefusal(error, from: address)
            guard error.reason == .throttled else { return reply.send(refusal(error)) }
            reply.send(refusal(error, headers: [("Retry-After", "30")]), afterMilliseconds: throttle.answerDelay)
        }
    }

    private func take(
        _ request: HTTPRequest, _ route: IngestRoute, _ address: String, _ reply: Reply
    ) throws(EventRejection) {
        let document = try EventDocument(body: decodedBody(of: request, on: route), endpoint: route.endpoint)
        let now = clock.now()
        let integration = try integration(for: document, request, route, address, at: now)
        guard throttle.admits(document.action, of: integration.id, at: now) else {
            throw document.throttledRejection()
        }
        var generator = SystemRandomNumberGenerator()
        let event = try document.accept(integrationID: integration.id) {
            (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
        if document.isLatin1 { noteLatin1(integration, at: now) }
        guard integration.disabledAt == nil else {
            measurements.ignoredForDisabled()
            let answer = event.answer()
            return reply.send(HTTPResponse(status: answer.status, body: answer.body))
        }
        let new = NewEvent(receivedAt: now, content: event.content, body: event.body)
        do throws(AppendError) {
            try log.append(new, executor: reply.executor) { result in
                switch result {
                case .success:
                    let answer = event.answer()
                    reply.send(HTTPResponse(status: answer.status, body: answer.body))
                case .failure(let error):
                    reply.send(self.unavailable(error, integration))
                }
            }
        } catch {
            reply.send(unavailable(error, integration))
        }
    }

    private func decodedBody(of request: HTTPRequest, on route: IngestRoute) throws(EventRejection) -> [UInt8] {
        do throws(ContentCoding.Failure) {
            return try ContentCoding(request.headers).decode(request.body, limit: EventLimits.maximumBodyBytes)
        } catch {
            switch error {
            case .tooLarge: throw .tooLarge
            case .damaged: throw .parseError(route.endpoint)
            case .unsupported: throw .unsupportedEncoding
            }
        }
    }

    private func integration(
        for document: EventDocument, _ request: HTTPRequest, _ route: IngestRoute, _ address: String,
        at now: Timestamp
    ) throws(EventRejection) -> Integration {
        let candidate = document.key(
            query: request.query.flatMap(IntegrationKeyQuery.value(inRawQuery:)), path: route.key,
            header: request.headers.first(name: "X-Routing-Key"))
        guard let candidate else { throw document.missingKeyRejection() }
        guard let integration = directory.integration(forKey: candidate.value, at: now) else {
            guard throttle.admitsUnknownKey(from: AddressNetwork(of: address), at: now) else {
                throw document.throttledRejection()
            }
            throw document.unknownKeyRejection(candidate)
        }
        if candidate.origin != .body, let other = document.bodyKey, !other.utf8.elementsEqual(candidate.value.utf8) {
            warnOfOtherKey(integration, at: now)
        }
        return integration
    }

    /// Once an hour for each integration: a dummy key in the body is normal, but an operator may look for the reason.
    private func warnOfOtherKey(_ integration: Integration, at now: Timestamp) {
        let isDue = keyWarnings.withLock { $0.isDue(integration.id, at: now) }
        guard isDue else { return }
        logger.warning(
            "the key in the body differs from the one in the address, which decides",
            metadata: ["integration": "\(ExternalID.string(.integration, integration.id))"])
    }

    /// Once an hour for each integration: a text that was cut in the middle of a character comes so, too, and reads badly then.
    private func noteLatin1(_ integration: Integration, at now: Timestamp) {
        measurements.readAsLatin1()
        let isDue = latin1Notices.withLock { $0.isDue(integration.id, at: now) }
        guard isDue else { return }
        logger.notice(
            "events of an integration are not UTF-8 and are read as ISO 8859-1",
            metadata: ["integration": "\(ExternalID.string(.integration, integration.id))"])
    }

    /// Says which sender is refused and why, once a minute for each: a wrong key shows nowhere else on this side.
    private func noteRefusal(_ rejection: EventRejection, from address: String) {
        let now = clock.now()
        let isDue = refusals.withLock {
            $0.isDue(Refused(sender: AddressNetwork(of: address), reason: rejection.reason), at: now)
        }
        guard isDue else { return }
        logger.notice(
            "events of a sender are refused",
            metadata: [
                "address": "\(address)", "reason": "\(rejection.reason.rawValue)",
                "errors": "\((rejection.errors ?? [rejection.message]).joined(separator: "; "))",
            ])
    }

    private struct Refused: Hashable {
        var sender: AddressNetwork
        var reason: RejectionReason
    }

    /// Counts why an event was not taken and says it once a minute for each reason: the sender learns only that it may retry.
    private func unavailable(_ error: AppendError, _ integration: Integration) -> HTTPResponse {
        measurements.unavailable(error.reason)
        let isDue = unavailabilities.withLock { $0.isDue(error.reason, at: clock.now()) }
        if isDue {
            logger.warning(
                "events are answered 503",
                metadata: [
                    "reason": "\(error.reason.rawValue)", "error": "\(error)",
                    "integration": "\(ExternalID.string(.integration, integration.id))",
                ])
        }
        return refusal(.unavailable, headers: [("Retry-After", "2")])
    }

    private func refusal(_ rejection: EventRejection, headers: [(String, String)] = []) -> HTTPResponse {
        measurements.rejected(rejection.reason)
        return response(rejection, headers: headers)
    }

    private func response(_ rejection: EventRejection, headers: [(String, String)] = []) -> HTTPResponse {
        HTTPResponse(status: rejection.httpStatus, headers: .init(headers), body: rejection.body())
    }
}

extension LoopExecutor: ReceiptExecutor {}
