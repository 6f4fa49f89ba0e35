import Alerting
import Store

/// Fills a scratch database with what there was when a simulation starts.
enum SimulationStart {
    /// Services and integrations as they are now; silences and rules that were there then; and the alerts that were open
    /// then, each in its incident.
    static func copy(to connection: Connection, since: Timestamp, _ rules: SimulationRules) throws {
        try SimulationTables.copySettings(connection)
        if rules.silences == nil { try SimulationTables.copySilences(since: since, connection) }
        if rules.inhibitionRules == nil { try SimulationTables.copyInhibitionRules(since: since, connection) }
        try SimulationTables.copyOpenAlerts(since: since, connection)
    }
}
