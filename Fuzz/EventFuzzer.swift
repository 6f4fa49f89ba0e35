import Alerting
import EventsAPI
import WireJSON

/// What libFuzzer calls with each input (https://llvm.org/docs/LibFuzzer.html): the first byte chooses the endpoint, the
/// rest is the body of a request. Whatever comes in, the parsers have to answer: with an event that can be stored and
/// read again, or with a refusal that is JSON. Anything else traps, and libFuzzer keeps the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEvent(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let endpoints = Endpoint.allCases
    let endpoint = endpoints[endpoints.index(endpoints.startIndex, offsetBy: Int(bytes[0]) % endpoints.count)]
    let body = Array(UnsafeBufferPointer(start: bytes + 1, count: count - 1))
    let value = try? JSONValue(parsing: body)
    if let value { requireRoundTrip(value) }
    guard let document = try? EventDocument(body: body, endpoint: endpoint) else { return 0 }
    precondition(value?.objectValue != nil, "the reader of events takes what is no JSON object")
    let candidate = document.key(query: nil, path: nil, header: nil)
    requireJSON(document.missingKeyRejection().body())
    requireJSON(document.throttledRejection().body())
    requireJSON(
        document.unknownKeyRejection(candidate ?? KeyCandidate(value: "0123456789abcdef", origin: .query)).body())
    do throws(EventRejection) {
        let accepted = try document.accept(integrationID: 1) { Array(0..<16) }
        precondition(accepted.body == body, "what is stored is not what came")
        requireJSON(accepted.answer().body)
        requireReadable(accepted)
    } catch {
        precondition(error.httpStatus == 400, "a body is refused with another status than 400")
        requireJSON(error.body())
    }
    return 0
}

/// A stored body is read again for what people see of it.
private func requireReadable(_ accepted: AcceptedEvent) {
    guard let stored = try? EventBody(accepted.body, version: accepted.version) else {
        preconditionFailure("an accepted body cannot be read again")
    }
    if let details = stored.detailsJSON() { requireJSON(details) }
    precondition(stored.links().count <= 50 && stored.images().count <= 50, "more contexts than are kept")
}

private func requireJSON(_ bytes: [UInt8]) {
    precondition((try? JSONValue(parsing: bytes)) != nil, "an answer is no JSON")
}

private func requireRoundTrip(_ value: JSONValue) {
    precondition((try? JSONValue(parsing: value.serialized())) == value, "a value is not what it is written as")
}
