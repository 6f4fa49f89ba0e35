import Alerting

/// The rows of `services`, `integrations` and `api_tokens`.
public enum SettingsRows {
    /// The columns that `service` expects, from column 0 on.
    static let serviceColumns = """
        id, name, description, created_at, acknowledgement_timeout, auto_resolve_timeout, alert_grouping, disabled_at,
        deleted_at, flap_detection, storm_detection
        """

    /// The service in a row.
    static func service(_ row: Row) -> Service {
        var service = Service(
            id: row.integer(0), name: row.text(1), description: row.text(2), createdAt: row.time(3),
            acknowledgementTimeout: row.optionalInteger(4), autoResolveTimeout: row.optionalInteger(5))
        service.alertGrouping = row.optionalText(6).flatMap { SettingText.read($0, SettingForm.grouping) }
        service.disabledAt = row.optionalTime(7)
        service.deletedAt = row.optionalTime(8)
        service.flapDetection = row.optionalText(9).flatMap { SettingText.read($0, DetectionForm.flaps) }
        service.stormDetection = row.optionalText(10).flatMap { SettingText.read($0, DetectionForm.storms) }
        return service
    }

    /// The columns that `integration` expects, from column 0 on.
    static let integrationColumns = """
        id, service_id, name, key, previous_key, previous_key_expires_at, default_severity, created_at, disabled_at,
        deleted_at, heartbeat_interval
        """

    /// The integration in a row.
    static func integration(_ row: Row) -> Integration {
        var integration = Integration(
            id: row.integer(0), serviceID: row.integer(1), name: row.text(2), key: row.text(3),
            defaultSeverity: Severity(rawValue: row.text(6)) ?? .critical, createdAt: row.time(7))
        integration.previousKey = row.optionalText(4)
        integration.previousKeyExpiresAt = row.optionalTime(5)
        integration.disabledAt = row.optionalTime(8)
        integration.deletedAt = row.optionalTime(9)
        integration.heartbeatInterval = row.optionalInteger(10)
        return integration
    }

    /// All services, by name.
    public static func services(_ connection: Connection) throws(SQLiteError) -> [Service] {
        try connection.all("SELECT \(serviceColumns) FROM services ORDER BY name") { service($0) }
    }

    /// All integrations, in the order they were made.
    public static func integrations(_ connection: Connection) throws(SQLiteError) -> [Integration] {
        try connection.all("SELECT \(integrationColumns) FROM integrations ORDER BY id") { integration($0) }
    }

    /// All tokens, revoked ones included, in the order they were made.
    public static func tokens(_ connection: Connection) throws(SQLiteError) -> [APIToken] {
        try connection.all(
            "SELECT \(tokenColumns) FROM api_tokens ORDER BY id"
        ) { token($0) }
    }

    /// The columns that `token` expects, from column 0 on.
    static let tokenColumns = "id, name, hash, read_only, email, created_at, revoked_at"

    /// The token in a row.
    static func token(_ row: Row) -> APIToken {
        var token = APIToken(
            id: row.integer(0), name: row.text(1), hash: row.bytes(2), isReadOnly: row.integer(3) != 0,
            email: row.optionalText(4), createdAt: row.time(5))
        token.revokedAt = row.optionalTime(6)
        return token
    }

    static func write(_ service: Service, to connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO services (id, name, description, created_at, acknowledgement_timeout, auto_resolve_timeout,
                alert_grouping, disabled_at, deleted_at, flap_detection, storm_detection)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description,
                acknowledgement_timeout = excluded.acknowledgement_timeout,
                auto_resolve_timeout = excluded.auto_resolve_timeout, alert_grouping = excluded.alert_grouping,
                disabled_at = excluded.disabled_at, deleted_at = excluded.deleted_at,
                flap_detection = excluded.flap_detection, storm_detection = excluded.storm_detection
            """
        ) { row in
            row.add(service.id)
            row.add(service.name)
            row.add(service.description)
            row.add(service.createdAt)
            row.add(service.acknowledgementTimeout)
            row.add(service.autoResolveTimeout)
            row.add(service.alertGrouping.map { SettingText.text(SettingForm.write($0)) })
            row.add(service.disabledAt)
            row.add(service.deletedAt)
            row.add(service.flapDetection.map { SettingText.text(DetectionForm.write($0)) })
            row.add(service.stormDetection.map { SettingText.text(DetectionForm.write($0)) })
        }
    }

    /// Takes the names off services that are written next: within one batch a name may pass from one to another.
    static func releaseNames(of services: Set<ServiceID>, in connection: Connection) throws(SQLiteError) {
        guard services.count > 1 else { return }
        for id in services {
            try connection.run("UPDATE services SET name = 'changing ' || id || char(0) WHERE id = ?") { $0.add(id) }
        }
    }

    /// Takes the keys off integrations that are written next: within one batch a key may pass from one to another, and
    /// no two rows may have it on the way. No key that can be given holds a space.
    static func releaseKeys(of integrations: Set<IntegrationID>, in connection: Connection) throws(SQLiteError) {
        guard integrations.count > 1 else { return }
        for id in integrations {
            try connection.run("UPDATE integrations SET key = 'changing ' || id WHERE id = ?") { $0.add(id) }
        }
    }

    static func write(_ integration: Integration, to connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO integrations (id, service_id, name, key, previous_key, previous_key_expires_at,
                default_severity, created_at, disabled_at, deleted_at, heartbeat_interval)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET service_id = excluded.service_id, name = excluded.name, key = excluded.key,
                previous_key = excluded.previous_key, previous_key_expires_at = excluded.previous_key_expires_at,
                default_severity = excluded.default_severity, disabled_at = excluded.disabled_at,
                deleted_at = excluded.deleted_at, heartbeat_interval = excluded.heartbeat_interval
            """
        ) { row in
            row.add(integration.id)
            row.add(integration.serviceID)
            row.add(integration.name)
            row.add(integration.key)
            row.add(integration.previousKey)
            row.add(integration.previousKeyExpiresAt)
            row.add(integration.defaultSeverity.rawValue)
            row.add(integration.createdAt)
            row.add(integration.disabledAt)
            row.add(integration.deletedAt)
            row.add(integration.heartbeatInterval)
        }
    }

    static func write(_ token: APIToken, to connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO api_tokens (id, name, hash, read_only, email, created_at, revoked_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, read_only = excluded.read_only, email = excluded.email,
                revoked_at = excluded.revoked_at
            """
        ) { row in
            row.add(token.id)
            row.add(token.name)
            row.add(token.hash)
            row.add(token.isReadOnly)
            row.add(token.email)
            row.add(token.createdAt)
            row.add(token.revokedAt)
        }
    }
}
