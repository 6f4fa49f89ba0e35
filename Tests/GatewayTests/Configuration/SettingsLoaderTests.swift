import Foundation
import Gateway
import HTTPAPI
import HTTPServer
import Logging
import Testing

/// What is read, from where, and what is refused.
@Suite struct SettingsLoaderTests {
    /// Writes a configuration file that goes away with the call, and loads it.
    private func load(
        _ yaml: String, environment: [String: String] = [:], flags: [String: [String]] = [:]
    ) throws -> Settings {
        let path = NSTemporaryDirectory() + "alertgate-\(UUID().uuidString).yaml"
        try Data(yaml.utf8).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        return try SettingsLoader(file: path, environment: environment, flags: flags).load()
    }

    private func problems(
        _ yaml: String, environment: [String: String] = [:], flags: [String: [String]] = [:]
    ) throws -> [ConfigurationError.Problem] {
        do {
            _ = try load(yaml, environment: environment, flags: flags)
            return []
        } catch let error as ConfigurationError {
            return error.problems
        }
    }

    @Test func nothingSetGivesTheDefaults() throws {
        #expect(try SettingsLoader().load() == Settings())
    }

    @Test(arguments: ["", "\n\n", "# a comment\n", "---\n", "---\n# only this\n", "events:\n"])
    func aFileThatSetsNothingIsRefused(_ yaml: String) throws {
        let found = try problems(yaml)
        #expect(found.count == 1)
        #expect(found.first?.explanation.contains("there is no setting in it") == true)
    }

    @Test(arguments: [
        "/incidents", "/services/x", "/users", "/silences", "/x-ere", "/integration", "/v2/enqueue", "/healthz",
        "/event/push/alert/pagerduty",
    ])
    func aPrefixThatHidesAPathIsRefused(_ prefix: String) throws {
        let problem = try #require(try problems("api: {path_prefix: \(prefix)}").first)
        #expect(problem.key == "api.path_prefix" && problem.value == prefix)
        #expect(try problems("api: {path_prefix: /pd\(prefix)}").isEmpty)
    }

    @Test(arguments: [
        ("0.0.0.0:1", "127.0.0.1:1", true), ("[::]:1", "127.0.0.1:1", true), ("[::]:1", "[::1]:1", true),
        ("[::1]:1", "127.0.0.1:1", false), ("0.0.0.0:1", "[::1]:1", false), ("0.0.0.0:1", "127.0.0.1:2", false),
        ("[::ffff:127.0.0.1]:1", "127.0.0.1:1", true), ("[0:0::1]:1", "[::1]:1", true), ("A:1", "a:1", true),
        ("127.0.0.1:1", "127.0.0.2:1", false), ("0.0.0.0:0", "0.0.0.0:0", false),
    ])
    func addressesThatOverlapAreRefused(_ one: String, other: String, doOverlap: Bool) throws {
        for (first, second) in [(one, other), (other, one)] {
            #expect(try problems("listen: ['\(first)', '\(second)']").isEmpty != doOverlap)
            #expect(try problems("listen: ['\(first)']\nadmin: {listen: ['\(second)']}").isEmpty != doOverlap)
        }
    }

    @Test func thePublicURLMayHaveCapitals() throws {
        #expect(try load("public_url: HTTPS://Alerts.example.com").publicURL == "https://Alerts.example.com")
    }

    /// What waits for a restart is told again at the next reload.
    @Test func aReloadKeepsWhatARestartChanges() throws {
        let running = try load("http: {idle_timeout: 5}\nretention: {incidents_days: 0}")
        let next = try load("http: {idle_timeout: 6}\nretention: {incidents_days: 7}")
        let inForce = SettingDefinition.inForce(running, afterReloading: next)
        #expect(inForce.http.idleTimeout == 5 && inForce.retention.incidentsDays == 7)
        #expect(SettingDefinition.changed(from: inForce, to: next).map(\.key) == ["http.idle_timeout"])
    }

    @Test func everySettingIsRead() throws {
        let certificate = NSTemporaryDirectory() + "alertgate-\(UUID().uuidString).pem"
        try Data().write(to: URL(fileURLWithPath: certificate))
        defer { unlink(certificate) }
        var expected = Settings()
        expected.listen = [
            ListenAddress(host: "0.0.0.0", port: 80), ListenAddress(host: "::1", port: 0, scheme: .https),
        ]
        expected.publicURL = "https://alerts.example.com/pd"
        expected.trustedProxies = try ["10.0.0.0/8", "::1"].map { try #require(AddressRange($0)) }
        expected.database = "/tmp/a.db"
        expected.admin.listen = [ListenAddress(host: "127.0.0.1", port: 81, scheme: .http)]
        expected.tls.certificate = certificate
        expected.tls.key = certificate
        expected.events.rateLimit = 1
        expected.events.rateLimitPerSecond = 2
        expected.events.unknownKeysPerMinute = 3
        expected.api.rateLimitPerMinute = 4
        expected.api.pathPrefix = "/pd/v2"
        expected.api.requireFrom = true
        expected.api.keyRotationGrace = 5
        expected.http.idleTimeout = 5
        expected.http.headTimeout = 6
        expected.http.bodyTimeout = 7
        expected.http.maxConnections = 8
        expected.http.eventLoops = 9
        expected.storage.minFreeMiB = 0
        expected.storage.waitingEvents = 11
        expected.storage.waitingMiB = 12
        expected.storage.readers = 13
        expected.retention.incidentsDays = 14
        expected.retention.eventsDays = 15
        expected.retention.changeEventsDays = 0
        expected.log.level = .debug
        expected.log.format = .json
        expected.shutdown.graceSeconds = 0
        let read = try load(
            """
            listen: ["0.0.0.0:80", "https://[::1]:0"]
            public_url: https://alerts.example.com/pd/
            trusted_proxies:
              - 10.0.0.0/8
              - ::1
            database: /tmp/a.db
            admin: {listen: ["http://127.0.0.1:81"]}
            tls: {certificate: "\(certificate)", key: "\(certificate)"}
            events: {rate_limit: 1, rate_limit_per_second: 2, unknown_keys_per_minute: 3}
            api: {rate_limit_per_minute: 4, path_prefix: /pd/v2, require_from: true, key_rotation_grace: 5}
            http: {idle_timeout: 5, head_timeout: 6, body_timeout: 7, max_connections: 8, event_loops: 9}
            storage: {min_free_mib: 0, waiting_events: 11, waiting_mib: 12, readers: 13}
            retention: {incidents_days: 14, events_days: 15, change_events_days: 0}
            log: {level: debug, format: json}
            shutdown: {grace_seconds: 0}
            """)
        #expect(read == expected)
        #expect(SettingDefinition.changed(from: Settings(), to: read).count == SettingDefinition.all.count)
    }

    @Test func theCommandLineGoesOverTheEnvironmentAndThatOverTheFile() throws {
        let yaml = "events: {rate_limit: 1, rate_limit_per_second: 1}\nlog: {level: error}\n"
        let environment = ["ALERTGATE_EVENTS_RATE_LIMIT": "2", "ALERTGATE_LOG_LEVEL": "warning"]
        let settings = try load(yaml, environment: environment, flags: ["log.level": ["debug"]])
        #expect(settings.events.rateLimitPerSecond == 1)
        #expect(settings.events.rateLimit == 2)
        #expect(settings.log.level == .debug)
        #expect(settings.events.unknownKeysPerMinute == 60)
    }

    /// Each setting has a variable, and each variable reaches its setting alone.
    @Test(arguments: SettingDefinition.all.filter { !$0.key.hasPrefix("tls.") })
    func everyVariableReachesItsSetting(_ definition: SettingDefinition) throws {
        let other = [
            "listen": "0.0.0.0:1,http://[::]:2", "admin.listen": "0.0.0.0:3,http://[::]:4", "public_url": "http://a",
            "trusted_proxies": "::1", "database": "/a",
            "api.path_prefix": "/x", "api.require_from": "true", "log.level": "trace", "log.format": "json",
        ]
        let variables = [definition.environmentVariable: other[definition.key] ?? "17"]
        let settings = try SettingsLoader(environment: variables).load()
        #expect(SettingDefinition.changed(from: Settings(), to: settings).map(\.key) == [definition.key])
    }

    @Test func theDatabaseHasAShortVariable() throws {
        #expect(try SettingsLoader(environment: ["ALERTGATE_DB": "/x/y.db"]).load().database == "/x/y.db")
    }

    @Test func listsMayComeFromEverySource() throws {
        let expected = [ListenAddress(host: "127.0.0.1", port: 1), ListenAddress(host: "::1", port: 2)]
        #expect(try load("listen: ['127.0.0.1:1', '[::1]:2']").listen == expected)
        let variables = ["ALERTGATE_LISTEN": "127.0.0.1:1, [::1]:2"]
        #expect(try SettingsLoader(environment: variables).load().listen == expected)
        #expect(try SettingsLoader(flags: ["listen": ["127.0.0.1:1", "[::1]:2"]]).load().listen == expected)
    }

    @Test func anEmptyVariableIsNoVariable() throws {
        let variables = ["ALERTGATE_EVENTS_RATE_LIMIT": "", "ALERTGATE_LISTEN": ""]
        #expect(try SettingsLoader(environment: variables).load() == Settings())
    }

    @Test func variablesThatAreNoSettingAreNamed() {
        let environment = [
            "ALERTGATE_DB": "/a", "ALERTGATE_EVENT_RATE_LIMIT": "1", "ALERTGATE_CONFIG": "x", "HOME": "/",
        ]
        #expect(SettingsLoader(environment: environment).unknownVariables == ["ALERTGATE_EVENT_RATE_LIMIT"])
    }

    /// Wrong key, wrong type, out of range: each names the key, the value and what was expected.
    @Test(arguments: [
        ("events: {rate_limit: lots}", "events.rate_limit", "lots", "a whole number from 0 to 10000000"),
        ("events: {rate_limit: -1}", "events.rate_limit", "-1", "a whole number from 0"),
        ("events: {rate_limit: 10000001}", "events.rate_limit", "10000001", "to 10000000"),
        ("events: {rate_limit: 1.5}", "events.rate_limit", "1.5", "a whole number"),
        ("events: {rate_limit: 99999999999999999999}", "events.rate_limit", "99999999999999999999", "a whole number"),
        ("events: {rate_limit: [1, 2]}", "events.rate_limit", "1, 2", "a whole number"),
        ("events: {rate_limit: }", "events.rate_limit", "", "a whole number"),
        ("http: {idle_timeout: 0}", "http.idle_timeout", "0", "from 1 to 3600 (seconds)"),
        ("api: {require_from: maybe}", "api.require_from", "maybe", "true or false"),
        ("api: {path_prefix: pd}", "api.path_prefix", "pd", "a path such as /pagerduty"),
        ("api: {path_prefix: /pd/}", "api.path_prefix", "/pd/", "no trailing slash"),
        ("api: {path_prefix: /../x}", "api.path_prefix", "/../x", "a path"),
        ("public_url: alerts.example.com", "public_url", "alerts.example.com", "http:// or https://"),
        ("public_url: 'https://'", "public_url", "https://", "a host"),
        ("public_url: 'https://a/b?c=d'", "public_url", "https://a/b?c=d", "no query"),
        ("listen: ['8080']", "listen", "8080", "HOST:PORT"),
        ("listen: ['a:65536']", "listen", "a:65536", "HOST:PORT"),
        ("listen: ['::1:80']", "listen", "::1:80", "[::1]:8080"),
        ("listen: 127.0.0.1:80", "listen", "127.0.0.1:80", "a list"),
        ("listen: []", "listen", "", "at least one"),
        ("listen: ['a:1', 'a:1']", "listen", "a:1, a:1", "each address once"),
        ("listen: ['https://a:1', 'http://a:1']", "listen", "https://a:1, http://a:1", "each address once"),
        ("listen: ['http://a:1/x']", "listen", "http://a:1/x", "http://HOST:PORT"),
        ("listen: ['http://a:1', 'https://a:2']", "listen", "https://a:2", "tls.certificate and tls.key to be set"),
        ("admin: {listen: ['https://[::1]:2']}", "admin.listen", "https://[::1]:2", "tls.certificate and tls.key"),
        ("admin: {listen: ['a']}", "admin.listen", "a", "https://HOST:PORT"),
        ("admin: {listen: 'a:1'}", "admin.listen", "a:1", "a list"),
        ("admin: {listen: ['a:1', 'a:1']}", "admin.listen", "a:1, a:1", "each address once"),
        (
            "listen: ['a:1']\nadmin: {listen: ['http://a:1']}", "admin.listen", "http://a:1",
            "none that stands under listen"
        ),
        ("admin: {listen: ['a:1']}\nhttp: {max_connections: 3}", "http.max_connections", "3", "at least 4"),
        ("trusted_proxies: [10.0.0.0/33]", "trusted_proxies", "10.0.0.0/33", "IP addresses or ranges"),
        ("trusted_proxies: [proxy]", "trusted_proxies", "proxy", "IP addresses or ranges"),
        ("database: /tmp/", "database", "/tmp/", "the path of a file"),
        ("storage: {min_free_mib: some}", "storage.min_free_mib", "some", "auto, or a whole number"),
        ("log: {level: loud}", "log.level", "loud", "one of trace, debug, info, notice, warning, error, critical"),
        ("log: {format: xml}", "log.format", "xml", "one of auto, journal, text, json"),
        ("tls: {certificate: /none.pem, key: /none.pem}", "tls.certificate", "/none.pem", "can be read"),
    ])
    func aWrongValueIsNamed(_ yaml: String, key: String, value: String, expectation: String) throws {
        let problem = try #require(try problems(yaml).first)
        #expect(problem.source.hasSuffix(".yaml"))
        #expect(problem.key == key)
        #expect(problem.value == value)
        #expect(problem.explanation.contains("expected"))
        #expect(problem.explanation.contains(expectation))
    }

    @Test(arguments: [
        ("event: {rate_limit: 1}", "event.rate_limit", "did you mean events.rate_limit?"),
        ("events: {ratelimit: 1}", "events.ratelimit", "did you mean events.rate_limit?"),
        ("rate_limit: 1", "rate_limit", "there is no such setting"),
        ("wholly_unlike_anything_else: 1", "wholly_unlike_anything_else", "there is no such setting"),
        ("evnts:", "evnts", "there is no such setting"),
        ("Listen: ['a:1']", "Listen", "did you mean listen?"),
        ("events: 5", "events", "expected a section with events.rate_limit"),
        ("events: [rate_limit]", "events", "expected a section"),
        ("listen: {host: a}", "listen.host", "there is no such setting"),
    ])
    func anUnknownKeyIsNamed(_ yaml: String, key: String, explanation: String) throws {
        let problem = try #require(try problems(yaml).first)
        #expect(problem.key == key)
        #expect(problem.explanation.contains(explanation))
    }

    /// What stands under an unknown key may be a secret that was put in the wrong place.
    @Test func theValueOfAnUnknownKeyIsNotShown() throws {
        let problem = try #require(try problems("integration_key: 0123456789abcdef\n").first)
        #expect(!problem.description.contains("0123456789abcdef"))
    }

    @Test func everythingThatIsWrongIsSaidAtOnce() throws {
        let found = try problems("events: {rate_limit: x}\nlog: {level: y}\n", flags: ["listen": ["z"]])
        #expect(found.map(\.key) == ["listen", "events.rate_limit", "log.level"])
        #expect(found.map(\.source).first == "command line")
    }

    @Test func aWrongVariableIsNamedByItsName() throws {
        let variables = ["ALERTGATE_HTTP_IDLE_TIMEOUT": "soon"]
        let error = #expect(throws: ConfigurationError.self) { try SettingsLoader(environment: variables).load() }
        #expect(
            error?.description
                == #"environment: ALERTGATE_HTTP_IDLE_TIMEOUT: "soon": expected a whole number from 1 to 3600 (seconds)"#
        )
    }

    @Test(arguments: ["tls: {certificate: /etc/hostname}", "tls: {key: /etc/hostname}"])
    func aCertificateWithoutKeyIsRefused(_ yaml: String) throws {
        let problem = try #require(try problems(yaml).first)
        #expect(problem.explanation.contains("expected the path of a PEM file"))
    }

    /// The system gives out another port for each.
    @Test func port0MayStandTwice() throws {
        let settings = try load("listen: ['a:0', 'a:0']\nadmin: {listen: ['a:0']}")
        #expect(settings.listen.count == 2 && settings.admin.listen.count == 1)
    }

    @Test(arguments: [
        "admin: {listen: []}", "admin:\nlog: {level: info}", "admin: {listen: }", "http: {max_connections: 1}",
    ])
    func noAdminListenerIsTheDefault(_ yaml: String) throws {
        #expect(try load(yaml).admin.listen.isEmpty)
    }

    @Test(arguments: ["- a\n- b\n", "just text", "a: [", "events: {rate_limit: 1, rate_limit: 2}", "\u{0}"])
    func whatIsNoMappingIsRefused(_ yaml: String) throws {
        let found = try problems(yaml)
        #expect(found.count == 1)
        #expect(found.first?.description.contains("\n") == false)
    }

    @Test(arguments: ["/nonexistent/alertgate.yaml", "/proc"])
    func aFileThatCannotBeReadIsRefused(_ path: String) {
        let error = #expect(throws: ConfigurationError.self) { try SettingsLoader(file: path).load() }
        #expect(error?.description.hasPrefix("\(path): cannot be read: ") == true)
    }

    @Test func aValueWithControlCharactersStaysInOneLine() throws {
        let problem = try #require(try problems("log: {level: \"a\\nb\\e[31m\"}").first)
        #expect(problem.description.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }

    @Test func theWatermarkFollowsTheVolume() {
        let mebibyte: Int64 = 1024 * 1024
        var storage = Settings.Storage()
        #expect(storage.minimumFreeBytes(volumeBytes: 1000 * mebibyte) == 10 * mebibyte)
        #expect(storage.minimumFreeBytes(volumeBytes: 1_000_000 * mebibyte) == 256 * mebibyte)
        storage.minFreeMiB = 0
        #expect(storage.minimumFreeBytes(volumeBytes: 1000 * mebibyte) == 0)
        storage.minFreeMiB = 7
        #expect(storage.minimumFreeBytes(volumeBytes: 1000 * mebibyte) == 7 * mebibyte)
    }
}
