import Alerting
import Gateway
import NIOHTTP1
import WireJSON

/// The REST API of a running gateway, as any client of PagerDuty's uses it.
struct RESTClient {
    var base: HTTPURL
    var token: String
    var authorities: String?
    var timeoutSeconds: Int64

    /// GET, PUT or POST.
    typealias Method = HTTPMethod

    /// A page of alerts carries the details of all of them.
    private static let maximumAnswer = 64 * 1024 * 1024
    /// The most that a page holds.
    private static let pageLength = 100

    /// Asks, and gives the answer's body. Throws `Failure` where it was refused; `subject` is what the path names, for
    /// people.
    func call(_ method: Method, _ target: String, _ body: JSONValue? = nil, subject: String? = nil) throws
        -> JSONValue
    {
        let answer = try HTTPClient.send(
            HTTPClient.Request(
                method: method, target: target,
                headers: [
                    ("Authorization", "Token token=\(token)"), ("Accept", "application/vnd.pagerduty+json;version=2"),
                ],
                body: body?.serialized()),
            to: base, authorities: authorities, timeoutSeconds: timeoutSeconds,
            maximumAnswer: RESTClient.maximumAnswer)
        let value: JSONValue?
        do throws(JSONError) { value = try JSONValue(parsing: answer.body) } catch { value = nil }
        guard (200..<300).contains(answer.status) else {
            let error = value == nil ? RESTClient.plainText(answer.body) : value?["error"]
            throw failure(status: answer.status, error: error, subject: subject)
        }
        guard let value else { throw RESTClient.foreign }
        return value
    }

    /// The elements of a list, page by page, at most so many.
    func list(_ name: String, _ path: String, _ parameters: [(String, String)], limit: Int, subject: String? = nil)
        throws -> [JSONValue]
    {
        var elements: [JSONValue] = []
        while elements.count < limit {
            let page = [
                ("limit", "\(min(limit - elements.count, RESTClient.pageLength))"), ("offset", "\(elements.count)"),
            ]
            let query = (parameters + page).map { "\($0.0)=\(HTTPURL.percentEncoded($0.1))" }.joined(separator: "&")
            let answer = try call(.GET, "\(path)?\(query)", subject: subject)
            guard let part = answer[name]?.arrayValue else { throw RESTClient.foreign }
            elements += part
            if part.isEmpty || answer["more"]?.boolValue != true { break }
        }
        return elements
    }

    /// That an answer does not say what a gateway's would.
    static let foreign = Failure.refused("the answer is no gateway's; is the URL right?")

    private func failure(status: Int, error: JSONValue?, subject: String?) -> Failure {
        let details = (error?["errors"]?.arrayValue ?? []).compactMap(\.stringValue)
        let about = subject.map { "\($0): " } ?? ""
        switch status {
        case 401: return .refused("the gateway does not know the token, or not any more")
        case 403: return .refused("the token may only read")
        case 404 where subject != nil && error?["code"]?.integerValue == 2100:
            return .refused(about + "there is no such incident; `alertgate incidents` lists them")
        case 429, 502, 503, 504:
            return .unavailable("the gateway cannot do it now: HTTP \(status)\(RESTClient.words(error, details))")
        default:
            for detail in details {
                guard let (refusal, number) = RESTClient.refusal(in: detail) else { continue }
                return .refused(refusal.explanation(subject: number))
            }
            return .refused("\(about)the gateway refused: HTTP \(status)\(RESTClient.words(error, details))")
        }
    }

    /// The refusal that a gateway names by its reason and the id of what it was about.
    private static func refusal(in detail: String) -> (Refusal, Int64?)? {
        for refusal in Refusal.allCases {
            if detail == refusal.rawValue { return (refusal, nil) }
            guard detail.hasPrefix(refusal.rawValue + ": ") else { continue }
            return (refusal, ExternalID.number(.incident, detail.dropFirst(refusal.rawValue.utf8.count + 2)))
        }
        return nil
    }

    /// What an answer that is no JSON says: its first line, unless it is a page for a browser. A proxy answers so, and a port
    /// that speaks TLS.
    private static func plainText(_ body: [UInt8]) -> JSONValue? {
        let line = body.prefix(200).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard let first = line.first, first != UInt8(ascii: "<") else { return nil }
        return .string(String(decoding: line, as: UTF8.self))
    }

    private static func words(_ error: JSONValue?, _ details: [String]) -> String {
        // A plain string is an error, too (rest-api.md section 5).
        let message = error?.stringValue ?? error?["message"]?.stringValue
        return ([message].compactMap { $0 } + details).map { ", " + PlainText.escaped($0) }.joined()
    }
}
