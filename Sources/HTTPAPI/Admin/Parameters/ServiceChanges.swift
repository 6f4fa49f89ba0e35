import Alerting
import WireJSON

/// Reads the bodies of writes on services and integrations (rest-api.md sections 5.8 and 6.5).
enum ServiceChanges {
    // MARK: Services

    /// The service in the body of `POST /services`.
    static func settings(_ body: [UInt8]) throws(AdminError) -> ServiceSettings {
        let update = try update(body)
        guard let name = update.name else { throw .missingArguments("name is missing") }
        var settings = ServiceSettings(
            name: name, description: update.description ?? "", acknowledgementTimeout: update.acknowledgementTimeout,
            autoResolveTimeout: update.autoResolveTimeout)
        if case .on(let grouping) = update.alertGrouping { settings.alertGrouping = grouping }
        if case .on(let detection) = update.flapDetection { settings.flapDetection = detection }
        if case .on(let detection) = update.stormDetection { settings.stormDetection = detection }
        return settings
    }

    /// The change in the body of `PUT /services/{id}`. A timeout of null is never, as it is shown.
    static func update(_ body: [UInt8]) throws(AdminError) -> ServiceUpdate {
        let element = try RequestBody.resource("service", in: body, called: "Service")
        try element.requireType("service")
        var update = ServiceUpdate()
        update.name = try element.text("name", called: "Name", .name)
        if let description = element["description"] {
            guard let text = description.isNull ? "" : description.stringValue,
                TextLimit.serviceDescription.allows(text)
            else {
                throw .invalidInput(
                    "Description must be a string (maximum is \(TextLimit.serviceDescription.maximum) characters)")
            }
            update.description = text
        }
        update.acknowledgementTimeout = try timeout("acknowledgement_timeout", in: element)
        update.autoResolveTimeout = try timeout("auto_resolve_timeout", in: element)
        let noise = try noiseUpdate(element)
        update.alertGrouping = noise.alertGrouping
        update.flapDetection = noise.flapDetection
        update.stormDetection = noise.stormDetection
        // How a service is doing comes back with an object that is sent back whole: only these two are a wish.
        switch element.member("status")?.stringValue {
        case "disabled": update.isDisabled = true
        case "active": update.isDisabled = false
        default: break
        }
        return update
    }

    /// What a service's object says of how alerts become incidents, and nothing else of it.
    static func noiseUpdate(_ element: JSONValue, at path: String = "service") throws(AdminError) -> ServiceUpdate {
        var update = ServiceUpdate()
        if let parameters = element["alert_grouping_parameters"] {
            let grouping = try GroupingParameters.grouping(parameters, at: "\(path).alert_grouping_parameters")
            update.alertGrouping = grouping.map { .on($0) } ?? .off
        }
        if let detection = element["flap_detection"] {
            let detection = try flapDetection(detection, at: "\(path).flap_detection")
            update.flapDetection = detection.map { .on($0) } ?? .off
        }
        if let detection = element["storm_detection"] {
            let detection = try stormDetection(detection, at: "\(path).storm_detection")
            update.stormDetection = detection.map { .on($0) } ?? .off
        }
        return update
    }

    private static func timeout(_ name: String, in element: JSONValue) throws(AdminError) -> Int64? {
        guard let value = element[name] else { return nil }
        if value.isNull { return 0 }
        guard let seconds = value.integerValue, seconds == 0 || DurationLimit.timeout.allows(seconds) else {
            let maximum = DurationLimit.timeout.seconds.upperBound
            throw .invalidInput("\(name) must be null or a number of seconds up to \(maximum)")
        }
        return seconds
    }

    private enum FlapMember: String, CaseIterable {
        case changes, window, quiet
    }

    private enum StormMember: String, CaseIterable {
        case thresholds, quiet
    }

    /// Null is none. What is left out is as usual: `{}` is flap detection with all that is usual.
    private static func flapDetection(_ value: JSONValue, at path: String) throws(AdminError) -> FlapDetection? {
        if value.isNull { return nil }
        let object = try OwnObject<FlapMember>(value, at: path)
        var detection = FlapDetection()
        for (name, range, member) in [
            (FlapMember.changes, FlapDetection.changeCounts, \FlapDetection.changes),
            (.window, FlapDetection.windows, \FlapDetection.window),
            (.quiet, FlapDetection.windows, \FlapDetection.quiet),
        ] {
            guard let number = try object.integer(name) else { continue }
            guard range.contains(number) else {
                throw .invalidInput("\(object.path(name)) must be \(range.lowerBound) to \(range.upperBound)")
            }
            detection[keyPath: member] = number
        }
        return detection
    }

    /// Null is none. What is left out is as usual: `{}` is storm detection with all that is usual.
    private static func stormDetection(_ value: JSONValue, at path: String) throws(AdminError) -> StormDetection? {
        if value.isNull { return nil }
        let object = try OwnObject<StormMember>(value, at: path)
        var detection = StormDetection()
        if let thresholds = try object.integers(.thresholds) { detection.thresholds = thresholds }
        if let quiet = try object.integer(.quiet) { detection.quiet = quiet }
        guard detection.isValid else {
            let (range, quiets) = (StormDetection.thresholdRange, StormDetection.quiets)
            throw .invalidInput(
                "\(path): thresholds must be 1 to \(StormDetection.thresholdCounts.upperBound) ascending numbers "
                    + "from \(range.lowerBound) to \(range.upperBound), and quiet \(quiets.lowerBound) to "
                    + "\(quiets.upperBound)")
        }
        return detection
    }

    // MARK: Integrations

    /// What an integration is made of.
    struct NewIntegration {
        var name: String
        var key: String?
        var defaultSeverity: Severity
        var heartbeatInterval: Int64?
    }

    /// The integration in the body of `POST /services/{id}/integrations`.
    static func newIntegration(_ body: [UInt8]) throws(AdminError) -> NewIntegration {
        let element = try integration(body)
        let update = try update(of: element)
        var new = NewIntegration(
            name: update.name ?? "Events API", defaultSeverity: update.defaultSeverity ?? .critical,
            heartbeatInterval: update.heartbeatInterval)
        if let key = element.member("integration_key") {
            guard let text = key.stringValue, Integration.isWellFormed(key: text) else {
                throw .invalidInput("integration_key must be 8 to 128 characters of A-Z, a-z, 0-9, _ and -")
            }
            new.key = text
        }
        return new
    }

    /// The change in the body of `PUT /services/{id}/integrations/{integration_id}`.
    static func integrationUpdate(_ body: [UInt8]) throws(AdminError) -> IntegrationUpdate {
        try update(of: try integration(body))
    }

    /// Vendors' types are taken, too: every integration speaks both versions of the Events API.
    private static func integration(_ body: [UInt8]) throws(AdminError) -> JSONValue {
        try RequestBody.resource("integration", in: body, called: "Integration")
    }

    private static func update(of element: JSONValue) throws(AdminError) -> IntegrationUpdate {
        var update = IntegrationUpdate()
        update.name = try element.text("name", called: "Name", .name)
        if let severity = element.member("default_severity") {
            guard let known = severity.stringValue.flatMap(Severity.init(rawValue:)) else {
                throw .invalidInput("default_severity must be critical, error, warning or info")
            }
            update.defaultSeverity = known
        }
        if let disabled = element.member("disabled") {
            guard let flag = disabled.boolValue else { throw .invalidInput("disabled must be true or false") }
            update.isDisabled = flag
        }
        if let interval = element["heartbeat_interval"] {
            let seconds = interval.isNull ? 0 : interval.integerValue
            guard let seconds, seconds == 0 || Heartbeat.intervals.contains(seconds) else {
                throw .invalidInput(
                    "heartbeat_interval must be null or \(Heartbeat.intervals.lowerBound) to "
                        + "\(Heartbeat.intervals.upperBound) seconds")
            }
            update.heartbeatInterval = seconds
        }
        return update
    }
}
