import EventsAPI
import Testing

/// events-api.md section 2.
@Suite struct KeyTests {
    @Test(
        arguments: [
            // query, path, body, header: what decides
            ("q", "p", #""routing_key":"b","service_key":"s""#, "h", "q", KeyCandidate.Origin.query),
            ("", "p", #""routing_key":"b""#, "h", "p", .path), (" ", "p", #""routing_key":"b""#, "h", "p", .path),
            (nil, "p", #""routing_key":"b""#, "h", "p", .path),
            (nil, nil, #""routing_key":"b","service_key":"s""#, "h", "b", .body),
            (nil, "", #""routing_key":"b""#, "h", "b", .body),
            (nil, nil, #""routing_key":"","service_key":"s""#, "h", "s", .body),
            (nil, nil, #""routing_key":null,"service_key":"s""#, "h", "s", .body),
            (nil, nil, #""routing_key":{"a":1},"service_key":"s""#, "h", "s", .body),
            (nil, nil, #""routing_key":["b"],"service_key":"s""#, nil, "s", .body),
            (nil, nil, #""routing_key":"\u2003","service_key":"s""#, nil, "s", .body),
            (nil, nil, #""routing_key":12345"#, nil, "12345", .body),
            (nil, nil, #""routing_key":true"#, nil, "true", .body),
            (nil, nil, #""routing_key":" b ""#, nil, " b ", .body),
            (nil, nil, #""routing_key":"a","routing_key":"b""#, nil, "b", .body),
            (nil, nil, #""routing_key":"b","routing_key":"""#, "h", "h", .header),
            (nil, nil, #""routing\u005fkey":"b""#, nil, "b", .body),
            (nil, nil, #""x":1"#, "h", "h", .header), (nil, nil, #""service_key":[]"#, "h", "h", .header),
        ] as [(String?, String?, String, String?, String, KeyCandidate.Origin)])
    func theFirstThatIsNotBlankDecides(
        query: String?, path: String?, members: String, header: String?, value: String, origin: KeyCandidate.Origin
    ) throws {
        let document = try document(#"{"event_action":"trigger",\#(members)}"#)
        #expect(
            document.key(query: query, path: path, header: header) == KeyCandidate(value: value, origin: origin))
    }

    @Test func v1PrefersServiceKey() throws {
        let both = try document(#"{"event_type":"trigger","service_key":"s","routing_key":"r"}"#)
        #expect(both.version == .v1)
        #expect(both.key(query: nil, path: nil, header: nil)?.value == "s")
        let other = try document(#"{"event_type":"trigger","service_key":null,"routing_key":"r"}"#)
        #expect(other.key(query: nil, path: nil, header: nil) == KeyCandidate(value: "r", origin: .body))
        let change = try document(#"{"routing_key":"r","service_key":"s"}"#, .change)
        #expect(change.key(query: nil, path: nil, header: nil)?.value == "r")
    }

    @Test func noneIsNil() throws {
        let document = try document(#"{"event_action":"trigger","routing_key":""}"#)
        #expect(document.key(query: nil, path: nil, header: nil) == nil)
        #expect(document.key(query: "", path: " ", header: "\u{2003}") == nil)
    }

    @Test(arguments: [
        ("integration_key=abc", "abc"), ("channel_id=1&integration_key=abc", "abc"), ("integration_key=abc/", "abc"),
        ("integration_key=abc//", "abc/"), ("integration_key=abc%2F", "abc"), ("integration_key=a%62c", "abc"),
        ("integration%5Fkey=abc", "abc"), ("integration_key=&integration_key=abc", "abc"),
        ("integration_key=%20&integration_key=abc", "abc"), ("integration_key=/&integration_key=abc", "abc"),
        ("integration_key=a&integration_key=b", "a"), ("integration_key&integration_key=b", "b"),
        ("integration_key=a+b", "a+b"), ("integration_key=+", "+"), ("integration_key=%20abc%20", " abc "),
        ("integration_key=a=b", "a=b"), ("integration_key=%zz", "%zz"), ("integration_key=%4", "%4"),
        ("integration_key=%", "%"), ("&&integration_key=a&", "a"),
        ("integration_key=a;integration_key=b", "a;integration_key=b"),
        ("integration_key=%FF", "\u{FFFD}"), ("integration_key=%C3%A9", "é"), ("integration_key=a%4", "a%4"),
        ("integration_key=%61", "a"),
    ])
    func queryGivesItsKey(query: String, value: String) {
        #expect(IntegrationKeyQuery.value(inRawQuery: query) == value)
    }

    @Test(arguments: [
        "", "integration_key", "integration_key=", "integration_key=/", "integration_key=%20%09", "Integration_Key=a",
        "integration_key =a", "xintegration_key=a", "channel_id=x", "integration_key=%E3%80%80", "=a",
        "integration_key=%20/",
    ])
    func queryGivesNone(query: String) {
        #expect(IntegrationKeyQuery.value(inRawQuery: query) == nil)
    }

    // MARK: Refusals

    @Test func missingKeyComesWithEveryFieldError() throws {
        let v2 = try document(#"{"event_action":"trigger"}"#).missingKeyRejection()
        #expect(v2.httpStatus == 400)
        #expect(v2.reason == .missingKey)
        #expect(v2.status == "invalid event")
        #expect(v2.message == "Event object is invalid")
        #expect(
            v2.errors == [
                Message.routingKeyBlank, Message.summaryBlank, Message.sourceBlank, Message.severityBlank,
            ])
        #expect(
            try document(#"{"event_type":"resolve"}"#).missingKeyRejection().errors == [
                Message.serviceKeyBlank, Message.incidentKeyBlank,
            ])
        #expect(
            try document("{}", .change).missingKeyRejection().errors == [Message.routingKeyBlank, Message.summaryBlank])
        #expect(try document("{}").missingKeyRejection().errors == [Message.routingKeyBlank, Message.actionBlank])
        #expect(try document("{}", .v1).missingKeyRejection().errors == [Message.serviceKeyBlank, Message.typeInvalid])
        #expect(try document(trigger()).missingKeyRejection().errors == [Message.routingKeyBlank])
    }

    static let cut = String(key32.dropLast())

    static let shapes: [(String, [String])] = [
        (key32, [Message.routingKeyUnknown]), ("RABCDEFGHIJKLMNOPQRSTUVWXYZ01234", [Message.routingKeyUnknown]),
        (cut, [Message.routingKeyLength]), (key32 + "0", [Message.routingKeyLength]),
        ("x", [Message.routingKeyLength]), (cut + "-", [Message.routingKeyCharacters]),
        (cut + "é", [Message.routingKeyCharacters]), (cut + " ", [Message.routingKeyCharacters]),
        ("a-b", [Message.routingKeyLength, Message.routingKeyCharacters]),
        // Scalars are counted, not grapheme clusters.
        (cut.dropLast() + "e\u{301}", [Message.routingKeyCharacters]),
        (cut + "e\u{301}", [Message.routingKeyLength, Message.routingKeyCharacters]),
    ]

    @Test(arguments: shapes)
    func unknownBodyKeyIsToldItsShape(key: String, expected: [String]) throws {
        for endpoint in [Endpoint.v2, .shared] {
            let document = try document(trigger(), endpoint)
            let rejection = document.unknownKeyRejection(KeyCandidate(value: key, origin: .body))
            #expect(rejection.errors == expected)
            #expect(rejection.httpStatus == 400)
            #expect(rejection.reason == .unknownKey)
        }
        let change = try document(#"{"payload":{"summary":"s"}}"#, .change)
        #expect(change.unknownKeyRejection(KeyCandidate(value: key, origin: .body)).errors == expected)
    }

    @Test(arguments: [
        (key32, Message.serviceKeyUnknown), (key32 + "0", Message.serviceKeyLength), ("x", Message.serviceKeyLength),
        (cut + "-", Message.serviceKeyUnknown), ("a-b", Message.serviceKeyLength),
    ])
    func unknownServiceKeyIsToldItsLength(key: String, expected: String) throws {
        let document = try document(#"{"event_type":"trigger","description":"d"}"#)
        #expect(document.unknownKeyRejection(KeyCandidate(value: key, origin: .body)).errors == [expected])
    }

    @Test(arguments: [KeyCandidate.Origin.query, .path, .header], [key32, "x", "a-b", key32 + "0"])
    func unknownKeyFromElsewhereIsJustInvalid(origin: KeyCandidate.Origin, key: String) throws {
        let candidate = KeyCandidate(value: key, origin: origin)
        #expect(
            try document(#"{"event_action":"resolve"}"#).unknownKeyRejection(candidate).errors == [
                Message.routingKeyUnknown, Message.dedupBlank,
            ])
        #expect(
            try document(#"{"event_type":"trigger"}"#).unknownKeyRejection(candidate).errors == [
                Message.serviceKeyUnknown, Message.descriptionBlank,
            ])
    }

    @Test func keyErrorsComeFirst() throws {
        let document = try document(trigger(summary: "null", severity: #""bad""#, payload: #""timestamp":"bad""#))
        #expect(
            document.unknownKeyRejection(KeyCandidate(value: "a-b", origin: .body)).errors == [
                Message.routingKeyLength, Message.routingKeyCharacters, Message.summaryBlank, Message.severityInvalid,
                Message.timestampInvalid,
            ])
    }

    @Test func noRefusalHoldsTheKey() throws {
        let document = try document(trigger())
        for origin in KeyCandidate.Origin.allCases {
            for key in ["secret-key", key32] {
                let rejection = document.unknownKeyRejection(KeyCandidate(value: key, origin: origin))
                #expect(!text(rejection.body()).contains(key))
            }
        }
    }
}
