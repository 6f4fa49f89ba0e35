/// One element of `PUT /incidents/{id}/alerts`: what is nil stays as it is (rest-api.md section 5.4).
public struct AlertUpdate: Hashable, Sendable {
    /// The alert to change.
    public var alertID: AlertID
    /// The status it shall have; `triggered` on a resolved alert reopens it.
    public var status: AlertStatus?
    /// The open incident it shall belong to.
    public var incidentID: IncidentID?

    /// A change of one alert.
    public init(alertID: AlertID, status: AlertStatus? = nil, incidentID: IncidentID? = nil) {
        self.alertID = alertID
        self.status = status
        self.incidentID = incidentID
    }
}
