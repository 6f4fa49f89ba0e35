/// A command breaks a limit: no front may append it to the log.
public struct LimitError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and what is allowed.
    public let description: String
}

extension Action.Command {
    /// How many incidents or alerts one command may change (rest-api.md section 5.3).
    public static let maximumUpdates = 250

    /// Checks the limits of what a person writes, before the command enters the log. The fold does not: what an older version
    /// let into the log stays applied. Throws a `LimitError`.
    public func checkLimits() throws(LimitError) {
        switch self {
        case .createService(let settings):
            try TextLimit.name.check(settings.name)
            try TextLimit.serviceDescription.check(settings.description)
            try Self.checkTimeouts(settings.acknowledgementTimeout, settings.autoResolveTimeout)
        case .updateService(_, let update):
            try TextLimit.name.check(update.name)
            try TextLimit.serviceDescription.check(update.description)
            try Self.checkTimeouts(update.acknowledgementTimeout, update.autoResolveTimeout)
        case .createIntegration(_, let name, _, _, _):
            try TextLimit.name.check(name)
        case .updateIntegration(_, let update):
            try TextLimit.name.check(update.name)
        case .createToken(let name, _, _, _):
            try TextLimit.name.check(name)
        case .createIncident(let draft):
            try TextLimit.title.check(draft.title)
            try TextLimit.incidentKey.check(draft.key)
            try TextLimit.incidentDetails.check(draft.details)
        case .updateIncidents(let updates):
            try Self.checkCount(updates.count)
            for update in updates {
                try TextLimit.title.check(update.title)
            }
        case .updateAlerts(_, let updates):
            try Self.checkCount(updates.count)
        case .addNote(_, let content):
            try TextLimit.note.check(content)
        case .snoozeIncident(_, let seconds):
            try DurationLimit.snooze.check(seconds)
        case .createSilence(let draft):
            try TextLimit.comment.check(draft.comment)
        case .updateSilence(_, let update):
            try TextLimit.comment.check(update.comment)
        case .createInhibitionRule(let draft):
            try TextLimit.comment.check(draft.comment)
        case .mergeIncidents, .deleteService, .deleteIntegration, .disableIntegration, .enableIntegration,
            .rotateIntegrationKey, .revokeToken, .endSilence, .deleteInhibitionRule:
            return
        }
    }

    /// 0 is never.
    private static func checkTimeouts(_ timeouts: Int64?...) throws(LimitError) {
        for timeout in timeouts where timeout != 0 { try DurationLimit.timeout.check(timeout) }
    }

    private static func checkCount(_ count: Int) throws(LimitError) {
        guard count <= maximumUpdates else {
            throw LimitError(description: "at most \(maximumUpdates) are changed at a time")
        }
    }
}

extension TextLimit {
    /// Checks a text, unless it is nil. Throws a `LimitError` that says the rule.
    public func check(_ text: String?) throws(LimitError) {
        guard let text, !allows(text) else { return }
        throw LimitError(description: "a \(subject) has \(self)")
    }
}

extension DurationLimit {
    /// Checks a number of seconds, unless it is nil. Throws a `LimitError` that says the rule.
    public func check(_ seconds: Int64?) throws(LimitError) {
        guard let seconds, !allows(seconds) else { return }
        throw LimitError(description: "a \(subject) has \(self)")
    }
}
