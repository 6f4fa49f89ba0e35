import ArgumentParser
import EventsAPI
import HTTPAPI
import HTTPServer

/// The first limit: alertgate's listener, which parses, checks and answers events, and stores nothing.
struct Answer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Answer events without storing them.")

    @Option(help: "The port on 127.0.0.1.")
    var port: Int

    @Option(help: "How many event loops.")
    var loops = 2

    func run() async throws {
        var configuration = ListenerConfiguration(endpoints: [.address(host: "127.0.0.1", port: port)])
        configuration.loops = loops
        let listener = HTTPListener(configuration: configuration, responder: Answering())
        try await listener.start()
        await untilStopped()
        await listener.stop(gracePeriod: .seconds(1))
    }
}

/// Answers what `/v2/enqueue` would.
struct Answering: HTTPResponder {
    func admit(_ head: HTTPRequest.Head) -> Admission {
        .read(maximumBodyBytes: EventLimits.maximumBodyBytes, tooLarge: { HTTPResponse(status: 413) })
    }

    func respond(to request: HTTPRequest, reply: Reply) {
        let (status, body) = Answering.answer(request.body)
        reply.send(HTTPResponse(status: status, body: body))
    }

    /// Parses, finds the key, checks the fields, and gives the answer.
    static func answer(_ body: [UInt8]) -> (status: Int, body: [UInt8]) {
        do throws(EventRejection) {
            let document = try EventDocument(body: body, endpoint: .v2)
            guard document.key(query: nil, path: nil, header: nil) != nil else { throw document.missingKeyRejection() }
            var generator = SystemRandomNumberGenerator()
            let event = try document.accept(integrationID: 2) {
                (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
            }
            return event.answer()
        } catch {
            return (error.httpStatus, error.body())
        }
    }
}
