import Alerting
import WireJSON

/// The stored form of actions (docs/adr/0018-the-stored-form-of-the-log.md): an object with the members `action`, the name
/// that stands in `events.action`, `requester`, and those of the command beside them.
///
/// Names stand here and in the files beside this one as texts, and nowhere else: what Swift calls a command or a member
/// never reaches the log. A member that is added later has to be one that may be absent, and absent has to mean what held
/// before. Once released, no name and no meaning changes.
enum ActionForm {
    static func write(_ action: Action) -> JSONValue {
        var writer = StoredWriter()
        writer.add("action", named: action.command.kind)
        writer.add("requester", RequesterForm.write(action.requester))
        write(action.command, to: &writer)
        return writer.object
    }

    static func read(_ value: JSONValue) throws(StoredFormError) -> Action {
        try StoredReader.read(value, of: "the action") { (reader) throws(StoredFormError) in
            let kind = try reader.named("action", Action.Kind.self)
            let requester = try RequesterForm.read(try reader.value("requester"))
            return Action(requester: requester, command: try read(kind, &reader))
        }
    }

    // MARK: Commands

    private static func write(_ command: Action.Command, to writer: inout StoredWriter) {
        switch command {
        case .createIncident(let draft): IncidentForm.write(draft, to: &writer)
        case .updateIncidents(let updates): IncidentForm.write(updates, to: &writer)
        case .updateAlerts(let incident, let updates): IncidentForm.write(updates, of: incident, to: &writer)
        case .mergeIncidents(let target, let sources): IncidentForm.writeMerge(of: sources, into: target, to: &writer)
        case .snoozeIncident(let incident, let seconds): IncidentForm.writeSnooze(incident, seconds, to: &writer)
        case .addNote(let incident, let content): IncidentForm.writeNote(content, on: incident, to: &writer)

        case .createService(let settings): ServiceForm.write(settings, to: &writer)
        case .updateService(let service, let update): ServiceForm.write(update, of: service, to: &writer)
        case .deleteService(let service, let withIntegrations):
            writer.add("service_id", service)
            writer.add("with_integrations", withIntegrations)

        case .createIntegration: IntegrationForm.writeCreation(command, to: &writer)
        case .updateIntegration(let integration, let update):
            IntegrationForm.write(update, of: integration, to: &writer)
        case .deleteIntegration(let integration), .disableIntegration(let integration),
            .enableIntegration(let integration):
            writer.add("integration_id", integration)
        case .rotateIntegrationKey(let integration, let key, let expiry):
            IntegrationForm.writeRotation(integration, key, expiry, to: &writer)

        case .createToken: TokenForm.writeCreation(command, to: &writer)
        case .revokeToken(let token): writer.add("token_id", token)

        case .createSilence(let draft): SilenceForm.write(draft, to: &writer)
        case .updateSilence(let silence, let update): SilenceForm.write(update, of: silence, to: &writer)
        case .endSilence(let silence): writer.add("silence_id", silence)

        case .createInhibitionRule(let draft): InhibitionRuleForm.write(draft, to: &writer)
        case .deleteInhibitionRule(let rule): writer.add("inhibition_rule_id", rule)
        }
    }

    private static func read(
        _ kind: Action.Kind, _ reader: inout StoredReader
    ) throws(StoredFormError) -> Action.Command {
        switch kind {
        case .createIncident: .createIncident(try IncidentForm.draft(&reader))
        case .updateIncidents: .updateIncidents(try IncidentForm.updates(&reader))
        case .updateAlerts: try IncidentForm.alertUpdates(&reader)
        case .mergeIncidents: try IncidentForm.merge(&reader)
        case .snoozeIncident: try IncidentForm.snooze(&reader)
        case .addNote: try IncidentForm.note(&reader)

        case .createService: .createService(try ServiceForm.settings(&reader))
        case .updateService: try ServiceForm.update(&reader)
        case .deleteService:
            .deleteService(
                try reader.integer("service_id"), withIntegrations: try reader.optionalFlag("with_integrations"))

        case .createIntegration: try IntegrationForm.creation(&reader)
        case .updateIntegration: try IntegrationForm.update(&reader)
        case .deleteIntegration: .deleteIntegration(try reader.integer("integration_id"))
        case .disableIntegration: .disableIntegration(try reader.integer("integration_id"))
        case .enableIntegration: .enableIntegration(try reader.integer("integration_id"))
        case .rotateIntegrationKey: try IntegrationForm.rotation(&reader)

        case .createToken: try TokenForm.creation(&reader)
        case .revokeToken: .revokeToken(try reader.integer("token_id"))

        case .createSilence: .createSilence(try SilenceForm.draft(&reader))
        case .updateSilence: try SilenceForm.update(&reader)
        case .endSilence: .endSilence(try reader.integer("silence_id"))

        case .createInhibitionRule: .createInhibitionRule(try InhibitionRuleForm.draft(&reader))
        case .deleteInhibitionRule: .deleteInhibitionRule(try reader.integer("inhibition_rule_id"))
        }
    }
}

/// Who asks: `{"type":"user","token_id":7,"name":"Ada"}` or `{"type":"command_line"}`.
enum RequesterForm {
    static func write(_ requester: Action.Requester) -> JSONValue {
        var writer = StoredWriter()
        switch requester {
        case .user(let token, let name):
            writer.add("type", "user")
            writer.add("token_id", token)
            writer.add("name", name)
        case .commandLine: writer.add("type", "command_line")
        }
        return writer.object
    }

    static func read(_ value: JSONValue) throws(StoredFormError) -> Action.Requester {
        try StoredReader.read(value, of: "requester") { (reader) throws(StoredFormError) in
            switch try reader.text("type") {
            case "user": .user(try reader.integer("token_id"), name: try reader.text("name"))
            case "command_line": .commandLine
            case let type: throw StoredFormError("the requester's type \(StoredFormError.quoted(type)) is unknown")
            }
        }
    }
}
