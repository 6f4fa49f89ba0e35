import Alerting
import WireJSON

/// Form 1 of actions and timers, which programs wrote before form 2 existed: `{"command":{"createService":{"_0":{…}}},
/// "requester":{"commandLine":{}}}`. It has the names that Swift code had then, and is only read. Nothing is ever added
/// here: what is new is written in form 2 alone.
enum FirstForm {
    // MARK: Actions

    static func action(_ value: JSONValue) throws(StoredFormError) -> Action {
        try StoredReader.read(value, of: "the action") { (reader) throws(StoredFormError) in
            Action(
                requester: try requester(try reader.value("requester")),
                command: try command(try reader.value("command")))
        }
    }

    private static func requester(_ value: JSONValue) throws(StoredFormError) -> Action.Requester {
        try choice(value, of: "the requester") { (name, reader) throws(StoredFormError) in
            switch name {
            case "user": .user(try reader.integer("_0"), name: try reader.text("name"))
            case "commandLine": .commandLine
            default: throw StoredFormError("the requester \(StoredFormError.quoted(name)) is unknown")
            }
        }
    }

    private static func command(_ value: JSONValue) throws(StoredFormError) -> Action.Command {
        try choice(value, of: "the command") { (name, reader) throws(StoredFormError) in
            if let command = try incidentCommand(name, &reader) { return command }
            if let command = try serviceCommand(name, &reader) { return command }
            if let command = try integrationCommand(name, &reader) { return command }
            if let command = try otherCommand(name, &reader) { return command }
            throw StoredFormError("the command \(StoredFormError.quoted(name)) is unknown")
        }
    }

    /// An object whose only member's name says what it is.
    private static func choice<Value>(
        _ value: JSONValue, of subject: String,
        _ body: (String, inout StoredReader) throws(StoredFormError) -> Value
    ) throws(StoredFormError) -> Value {
        var outer = try StoredReader(value, of: subject)
        let member = try outer.only()
        return try StoredReader.read(member.value, of: subject) { (reader) throws(StoredFormError) in
            try body(member.name, &reader)
        }
    }

    // MARK: Incidents

    private static func incidentCommand(
        _ name: String, _ reader: inout StoredReader
    ) throws(StoredFormError) -> Action.Command? {
        switch name {
        case "createIncident": .createIncident(try draft(try reader.value("_0")))
        case "updateIncidents": .updateIncidents(try reader.list("_0", incidentUpdate))
        case "updateAlerts": .updateAlerts(try reader.integer("_0"), try reader.list("_1", alertUpdate))
        case "mergeIncidents": .mergeIncidents(into: try reader.integer("into"), try reader.numbers("_1"))
        case "snoozeIncident": .snoozeIncident(try reader.integer("_0"), seconds: try reader.integer("seconds"))
        case "addNote": .addNote(try reader.integer("_0"), content: try reader.text("content"))
        default: nil
        }
    }

    private static func draft(_ value: JSONValue) throws(StoredFormError) -> IncidentDraft {
        try StoredReader.read(value, of: "the incident") { (reader) throws(StoredFormError) in
            IncidentDraft(
                serviceID: try reader.integer("serviceID"), title: try reader.text("title"),
                key: try reader.text("key"), urgency: try reader.optionalNamed("urgency"),
                details: try reader.optionalText("details"))
        }
    }

    private static func incidentUpdate(_ value: JSONValue) throws(StoredFormError) -> IncidentUpdate {
        try StoredReader.read(value, of: "a change of an incident") { (reader) throws(StoredFormError) in
            IncidentUpdate(
                incidentID: try reader.integer("incidentID"), status: try reader.optionalNamed("status"),
                title: try reader.optionalText("title"), urgency: try reader.optionalNamed("urgency"),
                resolution: try reader.optionalText("resolution"))
        }
    }

    private static func alertUpdate(_ value: JSONValue) throws(StoredFormError) -> AlertUpdate {
        try StoredReader.read(value, of: "a change of an alert") { (reader) throws(StoredFormError) in
            AlertUpdate(
                alertID: try reader.integer("alertID"), status: try reader.optionalNamed("status"),
                incidentID: try reader.optionalInteger("incidentID"))
        }
    }

    // MARK: Services

    private static func serviceCommand(
        _ name: String, _ reader: inout StoredReader
    ) throws(StoredFormError) -> Action.Command? {
        switch name {
        case "createService": .createService(try settings(try reader.value("_0")))
        case "updateService": .updateService(try reader.integer("_0"), try serviceUpdate(try reader.value("_1")))
        case "deleteService":
            .deleteService(try reader.integer("_0"), withIntegrations: try reader.optionalFlag("withIntegrations"))
        default: nil
        }
    }

    private static func settings(_ value: JSONValue) throws(StoredFormError) -> ServiceSettings {
        try StoredReader.read(value, of: "the service") { (reader) throws(StoredFormError) in
            var settings = ServiceSettings(
                name: try reader.text("name"), description: try reader.text("description"),
                acknowledgementTimeout: try reader.optionalInteger("acknowledgementTimeout"),
                autoResolveTimeout: try reader.optionalInteger("autoResolveTimeout"),
                alertGrouping: try reader.optional("alertGrouping", SettingForm.grouping))
            settings.flapDetection = try reader.optional("flapDetection", DetectionForm.flaps)
            settings.stormDetection = try reader.optional("stormDetection", DetectionForm.storms)
            return settings
        }
    }

    private static func serviceUpdate(_ value: JSONValue) throws(StoredFormError) -> ServiceUpdate {
        try StoredReader.read(value, of: "the change of a service") { (reader) throws(StoredFormError) in
            var update = ServiceUpdate()
            update.name = try reader.optionalText("name")
            update.description = try reader.optionalText("description")
            update.acknowledgementTimeout = try reader.optionalInteger("acknowledgementTimeout")
            update.autoResolveTimeout = try reader.optionalInteger("autoResolveTimeout")
            update.alertGrouping = try change("alertGrouping", &reader, SettingForm.grouping)
            update.flapDetection = try change("flapDetection", &reader, DetectionForm.flaps)
            update.stormDetection = try change("stormDetection", &reader, DetectionForm.storms)
            update.isDisabled = try reader.optionalFlag("isDisabled")
            return update
        }
    }

    /// `{"off":{}}` or `{"on":{"_0":…}}`.
    private static func change<Value>(
        _ name: String, _ reader: inout StoredReader, _ read: (JSONValue) throws(StoredFormError) -> Value
    ) throws(StoredFormError) -> SettingChange<Value>? {
        guard let value = reader.optional(name) else { return nil }
        return try choice(value, of: name) { (choice, reader) throws(StoredFormError) in
            switch choice {
            case "off": .off
            case "on": .on(try read(try reader.value("_0")))
            default: throw StoredFormError("\(name) is neither on nor off")
            }
        }
    }

    // MARK: Integrations

    private static func integrationCommand(
        _ name: String, _ reader: inout StoredReader
    ) throws(StoredFormError) -> Action.Command? {
        switch name {
        case "createIntegration":
            .createIntegration(
                service: try reader.integer("service"), name: try reader.text("name"), key: try reader.text("key"),
                defaultSeverity: try reader.named("defaultSeverity"),
                heartbeatInterval: try reader.optionalInteger("heartbeatInterval"))
        case "updateIntegration":
            .updateIntegration(try reader.integer("_0"), try integrationUpdate(try reader.value("_1")))
        case "deleteIntegration": .deleteIntegration(try reader.integer("_0"))
        case "disableIntegration": .disableIntegration(try reader.integer("_0"))
        case "enableIntegration": .enableIntegration(try reader.integer("_0"))
        case "rotateIntegrationKey":
            .rotateIntegrationKey(
                try reader.integer("_0"), key: try reader.text("key"),
                previousKeyExpiresAt: try reader.optionalTime("previousKeyExpiresAt"))
        default: nil
        }
    }

    private static func integrationUpdate(_ value: JSONValue) throws(StoredFormError) -> IntegrationUpdate {
        try StoredReader.read(value, of: "the change of an integration") { (reader) throws(StoredFormError) in
            var update = IntegrationUpdate()
            update.name = try reader.optionalText("name")
            update.defaultSeverity = try reader.optionalNamed("defaultSeverity")
            update.isDisabled = try reader.optionalFlag("isDisabled")
            update.heartbeatInterval = try reader.optionalInteger("heartbeatInterval")
            return update
        }
    }

    // MARK: Tokens, silences and inhibition rules

    private static func otherCommand(
        _ name: String, _ reader: inout StoredReader
    ) throws(StoredFormError) -> Action.Command? {
        switch name {
        case "createToken":
            .createToken(
                name: try reader.text("name"), hash: try hash(&reader), isReadOnly: try reader.flag("isReadOnly"),
                email: try reader.optionalText("email"))
        case "revokeToken": .revokeToken(try reader.integer("_0"))
        case "createSilence": .createSilence(try silence(try reader.value("_0")))
        case "updateSilence": .updateSilence(try reader.integer("_0"), try silenceUpdate(try reader.value("_1")))
        case "endSilence": .endSilence(try reader.integer("_0"))
        case "createInhibitionRule": .createInhibitionRule(try rule(try reader.value("_0")))
        case "deleteInhibitionRule": .deleteInhibitionRule(try reader.integer("_0"))
        default: nil
        }
    }

    /// The bytes as an array of numbers.
    private static func hash(_ reader: inout StoredReader) throws(StoredFormError) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in try reader.numbers("hash") {
            guard let byte = UInt8(exactly: number) else { throw StoredFormError("the hash has more than bytes") }
            bytes.append(byte)
        }
        return bytes
    }

    private static func silence(_ value: JSONValue) throws(StoredFormError) -> SilenceDraft {
        try StoredReader.read(value, of: "the silence") { (reader) throws(StoredFormError) in
            var draft = SilenceDraft(
                serviceID: try reader.optionalInteger("serviceID"),
                matchers: try reader.list("matchers", MatcherForm.read), window: try window(try reader.value("window")),
                recurrence: try reader.optional("recurrence", SettingForm.recurrence),
                comment: try reader.text("comment"))
            draft.isMaintenance = try reader.optionalFlag("isMaintenance")
            return draft
        }
    }

    private static func silenceUpdate(_ value: JSONValue) throws(StoredFormError) -> SilenceUpdate {
        try StoredReader.read(value, of: "the change of a silence") { (reader) throws(StoredFormError) in
            SilenceUpdate(end: try reader.optionalTime("end"), comment: try reader.optionalText("comment"))
        }
    }

    private static func window(_ value: JSONValue) throws(StoredFormError) -> Recurrence.Window {
        try StoredReader.read(value, of: "the window") { (reader) throws(StoredFormError) in
            Recurrence.Window(start: try reader.time("start"), end: try reader.time("end"))
        }
    }

    private static func rule(_ value: JSONValue) throws(StoredFormError) -> InhibitionRuleDraft {
        try StoredReader.read(value, of: "the inhibition rule") { (reader) throws(StoredFormError) in
            InhibitionRuleDraft(
                serviceID: try reader.optionalInteger("serviceID"),
                source: try reader.list("source", MatcherForm.read),
                target: try reader.list("target", MatcherForm.read), equal: try reader.texts("equal"),
                comment: try reader.text("comment"))
        }
    }

    // MARK: Timers

    /// The subject has the name it had when only incidents had timers.
    static func timer(_ value: JSONValue) throws(StoredFormError) -> TimerEvent {
        try StoredReader.read(value, of: "the timer") { (reader) throws(StoredFormError) in
            TimerEvent(
                kind: try reader.named("kind"), subjectID: try reader.integer("incidentID"),
                dueAt: try reader.time("dueAt"), nextWindow: try reader.optional("nextWindow", window))
        }
    }
}
