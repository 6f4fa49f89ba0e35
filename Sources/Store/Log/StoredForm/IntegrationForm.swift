import Alerting
import WireJSON

/// The stored form of what persons do to integrations.
enum IntegrationForm {
    // MARK: create_integration

    static func writeCreation(_ command: Action.Command, to writer: inout StoredWriter) {
        guard case .createIntegration(let service, let name, let key, let severity, let interval) = command else {
            preconditionFailure("only create_integration is written here")
        }
        writer.add("service_id", service)
        writer.add("name", name)
        writer.add("integration_key", key)
        writer.add("default_severity", named: severity)
        writer.add("heartbeat_interval", interval)
    }

    static func creation(_ reader: inout StoredReader) throws(StoredFormError) -> Action.Command {
        .createIntegration(
            service: try reader.integer("service_id"), name: try reader.text("name"),
            key: try reader.text("integration_key"), defaultSeverity: try reader.named("default_severity"),
            heartbeatInterval: try reader.optionalInteger("heartbeat_interval"))
    }

    // MARK: update_integration

    static func write(_ update: IntegrationUpdate, of integration: IntegrationID, to writer: inout StoredWriter) {
        writer.add("integration_id", integration)
        writer.add("name", update.name)
        writer.add("default_severity", named: update.defaultSeverity)
        writer.add("disabled", update.isDisabled)
        writer.add("heartbeat_interval", update.heartbeatInterval)
    }

    static func update(_ reader: inout StoredReader) throws(StoredFormError) -> Action.Command {
        let integration = try reader.integer("integration_id")
        var update = IntegrationUpdate()
        update.name = try reader.optionalText("name")
        update.defaultSeverity = try reader.optionalNamed("default_severity")
        update.isDisabled = try reader.optionalFlag("disabled")
        update.heartbeatInterval = try reader.optionalInteger("heartbeat_interval")
        return .updateIntegration(integration, update)
    }

    // MARK: rotate_integration_key

    static func writeRotation(
        _ integration: IntegrationID, _ key: String, _ expiry: Timestamp?, to writer: inout StoredWriter
    ) {
        writer.add("integration_id", integration)
        writer.add("integration_key", key)
        writer.add("previous_key_expires_at", expiry)
    }

    static func rotation(_ reader: inout StoredReader) throws(StoredFormError) -> Action.Command {
        .rotateIntegrationKey(
            try reader.integer("integration_id"), key: try reader.text("integration_key"),
            previousKeyExpiresAt: try reader.optionalTime("previous_key_expires_at"))
    }
}
