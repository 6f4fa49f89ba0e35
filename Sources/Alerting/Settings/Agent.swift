/// Who did something: the agent of a log entry, the acknowledger of an incident.
public enum Agent: Hashable, Sendable {
    /// A sender, by the integration it used.
    case integration(IntegrationID, EventVersion)
    /// A person or script with an API token, under the name that stood in `From` or on the token.
    case user(TokenID, name: String)
    /// The service itself: an acknowledge by event is shown so, and what a timer does.
    case service(ServiceID)
    /// The operator at the machine, through the command line.
    case commandLine
}
