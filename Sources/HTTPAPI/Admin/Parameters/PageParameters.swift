import Store
import WireJSON

/// `limit`, `offset` and `total` (rest-api.md section 4).
extension QueryParameters {
    /// The part of a list that is asked for. `limit=0`, which the Python clients send after an empty page, is the
    /// default.
    func page() throws(AdminError) -> PageRequest {
        let given = try number("limit") ?? 0
        let limit = given == 0 ? QueryParameters.defaultLimit : min(given, QueryParameters.maximumLimit)
        let offset = try number("offset") ?? 0
        guard offset <= QueryParameters.maximumReach - limit else {
            throw .invalidInput("offset and limit must not exceed \(QueryParameters.maximumReach) together.")
        }
        return PageRequest(limit: limit, offset: offset, countsAll: try flag("total"))
    }

    private static let defaultLimit: Int64 = 25
    private static let maximumLimit: Int64 = 100
    private static let maximumReach: Int64 = 10_000
}

extension AdminResponse {
    /// A part of a list, with the four members of pagination.
    init<Element>(
        list name: String, _ page: Page<Element>, _ request: PageRequest, _ write: (Element) -> JSONValue
    ) {
        self.init(
            json: [
                name: .array(page.elements.map(write)),
                "limit": JSONValue(request.limit),
                "offset": JSONValue(request.offset),
                "total": JSONValue(page.total),
                "more": .bool(page.hasMore),
            ])
    }
}
