import Alerting
import HTTPAPI
import Testing
import WireJSON

/// What the tests of writes have in common.
extension AdminAPI {
    func post(_ target: String, _ body: String = "", from: String? = nil) async -> Answer {
        await answer("POST", target, body, headers: from.map { ["From": $0] } ?? [:])
    }

    func put(_ target: String, _ body: String = "", from: String? = nil) async -> Answer {
        await answer("PUT", target, body, headers: from.map { ["From": $0] } ?? [:])
    }

    func delete(_ target: String) async -> Answer { await answer("DELETE", target) }

    /// An incident as it is now.
    func incident(_ number: IncidentID, _ query: String = "") async -> JSONValue {
        await get("/incidents/\(number)\(query)").json["incident"] ?? .null
    }

    /// The log of an incident, the oldest entry first.
    func log(_ number: IncidentID) async -> [JSONValue] {
        let entries = await get("/incidents/\(number)/log_entries?limit=100").json["log_entries"]?.arrayValue ?? []
        return entries.reversed()
    }

    /// The kinds of its entries.
    func kinds(_ number: IncidentID) async -> [String] {
        await log(number).compactMap { $0["type"]?.stringValue }
    }

    /// The alerts of an incident: `key status`, in the order of their ids.
    func alerts(_ number: IncidentID) async -> [String] {
        let alerts = await get("/incidents/\(number)/alerts?limit=100").json["alerts"]?.arrayValue ?? []
        return alerts.map { "\($0["alert_key"]?.stringValue ?? "") \($0["status"]?.stringValue ?? "")" }
    }

    /// Everything that a refused write has to leave alone.
    func everything() async -> [JSONValue] {
        var all: [JSONValue] = []
        for target in ["/incidents?date_range=all&limit=100", "/log_entries?limit=100", "/services?limit=100"] {
            all.append(await get(target).json)
        }
        return all
    }
}

extension Answer {
    /// Expects a refusal with one of the codes of rest-api.md section 7, in its shape.
    func isRefused(_ status: Int, _ code: Int64, _ message: String, _ place: SourceLocation = #_sourceLocation) {
        #expect(self.status == status, sourceLocation: place)
        #expect(self.code == code, sourceLocation: place)
        #expect(self.message == message, sourceLocation: place)
        #expect(json["error"]?["errors"] == nil || errors?.isEmpty == false, sourceLocation: place)
    }

    /// 400, 2001.
    func isInvalid(_ place: SourceLocation = #_sourceLocation) {
        isRefused(400, 2001, "Invalid Input Provided", place)
    }

    /// 404, 2100.
    func isNotFound(_ place: SourceLocation = #_sourceLocation) { isRefused(404, 2100, "Not Found", place) }

    /// 413.
    func isTooLarge(_ place: SourceLocation = #_sourceLocation) {
        isRefused(413, 2001, "Request Entity Too Large", place)
    }
}

func alertID(_ number: Int64) -> String { ExternalID.string(.alert, number) }
func serviceID(_ number: Int64) -> String { ExternalID.string(.service, number) }
func integrationID(_ number: Int64) -> String { ExternalID.string(.integration, number) }

/// The number in an id of the wire.
func number(_ kind: ResourceKind, _ id: JSONValue?) throws -> Int64 {
    let text = try #require(id?.stringValue)
    return try #require(ExternalID.number(kind, text))
}

/// Text as a JSON string.
func quoted(_ text: String) -> String { String(decoding: JSONValue.string(text).serialized(), as: UTF8.self) }
