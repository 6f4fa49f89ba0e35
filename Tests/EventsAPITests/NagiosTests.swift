import Alerting
import EventsAPI
import Testing
import WireJSON

/// The form of PagerDuty's `pagerduty_nagios.pl`.
@Suite struct NagiosTests {
    /// What the script posts for a service (master of 2019), in the order of a hash.
    private static let service =
        "NOTIFICATIONTYPE=PROBLEM&SERVICEOUTPUT=CRITICAL+-+load+average%3A+9.75%2C+8.1&HOSTNAME=db-1.example&pd_version=1.0"
        + "&CONTACTPAGER=\(key32)&SERVICESTATE=CRITICAL&pd_nagios_object=service&SERVICEDESC=Load+%26+I%2FO"
        + "&HOSTSTATE=UP&NAGIOS_SERVER=nagios.example&SERVICEDISPLAYNAME=Load&HOSTDISPLAYNAME=db-1"
    private static let host =
        "NOTIFICATIONTYPE=PROBLEM&HOSTOUTPUT=PING+CRITICAL&HOSTNAME=db-1&CONTACTPAGER=\(key32)&HOSTSTATE=DOWN"
        + "&pd_nagios_object=host&pd_version=1.0&NAGIOS_SERVER=nagios"

    private func accept(_ form: String) throws -> AlertEvent { try acceptAlert(form, .nagios) }

    private func changed(_ form: String = service, _ fields: (String, String?)...) -> String {
        var pairs = form.split(separator: "&").map(String.init)
        for (name, value) in fields {
            pairs.removeAll { $0.hasPrefix(name + "=") }
            if let value { pairs.append("\(name)=\(value)") }
        }
        return pairs.joined(separator: "&")
    }

    @Test func aServiceIsNamedAsPagerDutysProgramsNameIt() throws {
        let event = try accept(Self.service)
        #expect(event.version == .v1 && event.action == .trigger)
        #expect(event.dedupKey.text == "event_source=service;host_name=db-1.example;service_desc=Load & I/O")
        #expect(event.data.summary == "SERVICEDESC=Load & I/O; SERVICESTATE=CRITICAL; HOSTNAME=db-1.example")
        #expect(event.data.source == "db-1.example")
        #expect(event.data.component == "Load & I/O")
        #expect(event.data.severity == .critical)
        #expect(event.attachments == .details)
    }

    @Test func aHostIsNamedAsPagerDutysProgramsNameIt() throws {
        let event = try accept(Self.host)
        #expect(event.dedupKey.text == "event_source=host;host_name=db-1")
        #expect(event.data.summary == "HOSTNAME=db-1; HOSTSTATE=DOWN")
        #expect(event.data.source == "db-1")
        #expect(event.data.component == nil)
        #expect(event.data.severity == .critical)
    }

    /// The fields stay as they came, and the key is none of them: whoever reads incidents may not send events.
    @Test func theFieldsAreTheDetailsButForTheKey() throws {
        let document = try read(Self.service)
        let key = document.key(query: nil, path: nil, header: nil)
        #expect(key == KeyCandidate(value: key32, origin: .body))
        let details = try JSONValue(
            parsing: try #require(try EventBody(document.body, version: .v1).detailsJSON()))
        #expect(details["SERVICEOUTPUT"] == "CRITICAL - load average: 9.75, 8.1")
        #expect(details["NAGIOS_SERVER"] == "nagios.example")
        #expect(details.objectValue?.count == 11)
        #expect(!text(details.serialized()).contains(key32))
        for name in ["service_key", "NAGIOS_CONTACTPAGER", "ICINGA_CONTACTPAGER"] {
            let other = try read(changed(Self.service, ("CONTACTPAGER", nil), (name, key32)))
            #expect(other.key(query: nil, path: nil, header: nil)?.value == key32, "\(name)")
            let stored = try #require(try EventBody(other.body, version: .v1).detailsJSON())
            #expect(!text(stored).contains(key32), "\(name)")
        }
    }

    private func read(_ form: String) throws -> EventDocument {
        try EventDocument(body: Array(form.utf8), endpoint: .nagios)
    }

    @Test(arguments: [
        ("PROBLEM", EventAction.trigger), ("ACKNOWLEDGEMENT", .acknowledge), ("RECOVERY", .resolve),
        ("trigger", .trigger),
        ("acknowledge", .acknowledge), ("resolve", .resolve),
    ])
    func notificationsAreActions(type: String, action: EventAction) throws {
        for name in ["NOTIFICATIONTYPE", "event_type", "msg_type"] {
            let form = changed(Self.service, ("NOTIFICATIONTYPE", nil), (name, type))
            let event = try accept(form)
            #expect(event.action == action, "\(name)")
            #expect(try event.dedupKey == accept(Self.service).dedupKey, "\(name)")
        }
        #expect(try accept(Self.service + "&event_type=" + type).action == action, "it goes over the macro")
    }

    @Test(arguments: [
        "FLAPPINGSTART", "FLAPPINGSTOP", "FLAPPINGDISABLED", "DOWNTIMESTART", "DOWNTIMEEND", "DOWNTIMECANCELLED",
        "CUSTOM", "x",
    ])
    func otherNotificationsAreRefused(type: String) {
        #expect(errors(changed(Self.service, ("NOTIFICATIONTYPE", type)), .nagios) == [Message.typeInvalid])
    }

    @Test(arguments: [
        ("CRITICAL", Severity.critical), ("WARNING", .warning), ("UNKNOWN", .error), ("OK", nil), ("PENDING", nil),
        (nil, nil),
    ])
    func theStateOfAServiceIsItsSeverity(state: String?, severity: Severity?) throws {
        #expect(try accept(changed(Self.service, ("SERVICESTATE", state))).data.severity == severity)
    }

    @Test(arguments: [("DOWN", Severity.critical), ("UNREACHABLE", .error), ("UP", nil)])
    func theStateOfAHostIsItsSeverity(state: String, severity: Severity?) throws {
        #expect(try accept(changed(Self.host, ("HOSTSTATE", state))).data.severity == severity)
    }

    @Test func aRecoveryClosesWhatWasOpenedWithAnotherState() throws {
        let recovery = try accept(
            changed(Self.service, ("NOTIFICATIONTYPE", "RECOVERY"), ("SERVICESTATE", "OK"), ("SERVICEOUTPUT", "fine")))
        #expect(recovery.action == .resolve && recovery.data.severity == nil)
        #expect(try recovery.dedupKey == accept(Self.service).dedupKey)
    }

    @Test func theKindIsToldByTheFormOrByWhatIsInIt() throws {
        let asHost = "event_source=host;host_name=db-1.example"
        #expect(try accept(changed(Self.service, ("pd_nagios_object", "host"))).dedupKey.text == asHost)
        #expect(try accept(Self.service + "&event_source=host").dedupKey.text == asHost)
        let untold = changed(Self.service, ("pd_nagios_object", nil))
        #expect(try accept(untold).dedupKey == accept(Self.service).dedupKey)
        #expect(try accept(changed(Self.host, ("pd_nagios_object", nil))).dedupKey == accept(Self.host).dedupKey)
    }

    @Test func prefixesOfTheEnvironmentAreNoPartOfANameThatIsLookedFor() throws {
        for prefix in ["NAGIOS_", "ICINGA_"] {
            let form = Self.service.split(separator: "&").map { prefix + $0 }.joined(separator: "&")
            let (event, plain) = (try accept(form), try accept(Self.service))
            #expect(event.dedupKey == plain.dedupKey)
            #expect(event.data == plain.data)
        }
    }

    @Test func fieldsOfV1GoOverWhatIsMade() throws {
        let event = try accept(
            Self.service + "&incident_key=mine&description=Load+is+%C3%BCber&client=Nagios&client_url=http%3A%2F%2Fn%2F"
        )
        #expect(event.dedupKey.text == "mine")
        #expect(event.data.summary == "Load is über")
        #expect(event.data.client == "Nagios" && event.data.clientURL == "http://n/")
    }

    @Test func whatNamesNothingIsRefused() {
        let host = "HOSTNAME is missing or blank"
        let service = "SERVICEDESC is missing or blank"
        #expect(errors(changed(Self.host, ("HOSTNAME", "")), .nagios) == [host])
        #expect(errors(changed(Self.service, ("HOSTNAME", "+")), .nagios) == [host])
        #expect(errors(changed(Self.service, ("HOSTNAME", nil), ("SERVICEDESC", nil)), .nagios) == [host, service])
        let resolve = changed(Self.service, ("SERVICEDESC", nil), ("NOTIFICATIONTYPE", "RECOVERY"))
        #expect(errors(resolve, .nagios) == [service])
        #expect(errors(changed(Self.service, ("NOTIFICATIONTYPE", nil)), .nagios) == [Message.typeInvalid])
    }

    @Test func longTextsAreCutAndLongKeysRefused() throws {
        let name = String(repeating: "%C3%A9", count: 240)
        let event = try accept(
            changed(
                Self.host, ("HOSTNAME", String(repeating: "a", count: 220)),
                ("HOSTSTATE", String(repeating: "b", count: 2000))))
        #expect(event.data.summary?.unicodeScalars.count == 1024)
        #expect(errors(changed(Self.host, ("HOSTNAME", name)), .nagios) == [Message.incidentKeyLong])
    }

    @Test func theLastOfTwoFieldsCountsAndOddPairsAreNone() throws {
        #expect(
            try accept("&&HOSTNAME&HOSTNAME=first&=x&" + changed(Self.host, ("HOSTNAME", "last")) + "&").data.source
                == "last")
        #expect(try accept(Self.host + "&x=%zz%4&y=a=b").data.source == "db-1")
    }

    @Test func otherCharactersAreReadAsLatin1() throws {
        let form = changed(Self.host, ("HOSTNAME", "Z%FCrich"))
        let document = try read(form)
        #expect(document.isLatin1)
        #expect(try accept(form).data.source == "Zürich")
        #expect(try !read(changed(Self.host, ("HOSTNAME", "Z%C3%BCrich"))).isLatin1)
        let raw = try EventDocument(body: Array("HOSTNAME=Z".utf8) + [0xFC] + Array("rich".utf8), endpoint: .nagios)
        #expect(raw.isLatin1)
    }

    @Test(arguments: ["", "&", "x", #"{"service_key":"a"}"#, "[]"])
    func whatIsNoFormIsAParseError(body: String) {
        #expect(throws: EventRejection.parseError(.nagios)) { try read(body) }
    }

    @Test func keyErrorsAreThoseOfV1() throws {
        let none = try read(changed(Self.host, ("CONTACTPAGER", nil), ("HOSTNAME", nil)))
        #expect(none.key(query: nil, path: nil, header: nil) == nil)
        #expect(
            none.missingKeyRejection().errors == [Message.serviceKeyBlank, "HOSTNAME is missing or blank"])
        #expect(none.throttledRejection().httpStatus == 403, "with `retry later`, which the script looks for")
        #expect(none.throttledRejection().message.contains("retry later"))
    }

    /// Escapes make a form longer than it was.
    @Test func whatBecomesTooLongIsRefused() throws {
        let output = String(repeating: "%01", count: 100_000)
        #expect(throws: EventRejection.tooLarge) { try read(Self.host + "&x=" + output) }
        #expect(try accept(Self.host + "&x=" + String(repeating: "y", count: 500_000)).action == .trigger)
    }
}
