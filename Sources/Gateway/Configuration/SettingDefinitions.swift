import HTTPAPI
import HTTPServer

extension SettingDefinition {
    /// Every setting, in the order of `etc/alertgate.yaml`.
    public static let all: [SettingDefinition] = [
        .list(
            "listen", \.listen,
            expects: "a list of HOST:PORT, http://HOST:PORT or https://HOST:PORT, at least one, "
                + "such as 127.0.0.1:8080 or [::1]:8080",
            reloads: false, mayBeEmpty: false, read: { ListenAddress($0) }),
        .text(
            "public_url", \.publicURL, expects: "http:// or https://, a host and at most a path, no query",
            reloads: true, read: { publicURL($0).map(Optional.some) }, show: { $0 ?? "" }),
        .list(
            "trusted_proxies", \.trustedProxies, expects: "a list of IP addresses or ranges such as 10.0.0.0/8",
            reloads: true, mayBeEmpty: true, read: { AddressRange($0) }),
        .text(
            "database", environmentVariable: "ALERTGATE_DB", \.database, expects: "the path of a file", reloads: false,
            read: { $0.isEmpty || $0.hasSuffix("/") ? nil : $0 }, show: { $0 }),

        .list(
            "admin.listen", \.admin.listen,
            expects: "a list of HOST:PORT, http://HOST:PORT or https://HOST:PORT, such as 127.0.0.1:8081",
            reloads: false, mayBeEmpty: true, read: { ListenAddress($0) }),

        .text(
            "tls.certificate", \.tls.certificate, expects: "the path of a PEM file", reloads: false,
            read: { Optional.some($0) }, show: { $0 ?? "" }),
        .text(
            "tls.key", \.tls.key, expects: "the path of a PEM file", reloads: false,
            read: { Optional.some($0) }, show: { $0 ?? "" }),

        .integer(
            "events.rate_limit", \.events.rateLimit, in: 0...10_000_000, unit: "events per minute and key, 0 = off",
            reloads: true),
        .integer(
            "events.rate_limit_per_second", \.events.rateLimitPerSecond, in: 0...1_000_000,
            unit: "events per second and key, 0 = off", reloads: true),
        .integer(
            "events.unknown_keys_per_minute", \.events.unknownKeysPerMinute, in: 0...1_000_000,
            unit: "requests per minute and address, 0 = off", reloads: true),

        .integer(
            "api.rate_limit_per_minute", \.api.rateLimitPerMinute, in: 0...10_000_000,
            unit: "requests per minute and token, 0 = off", reloads: true),
        .text(
            "api.path_prefix", \.api.pathPrefix, expects: "a path such as /pagerduty, no trailing slash, or nothing",
            reloads: true, read: pathPrefix, show: { $0 }),
        .boolean("api.require_from", \.api.requireFrom, reloads: true),
        .integer(
            "api.key_rotation_grace", \.api.keyRotationGrace, in: 0...31_536_000,
            unit: "seconds, 0 = the old key ends at once", reloads: true),

        .integer("http.idle_timeout", \.http.idleTimeout, in: 1...3600, unit: "seconds", reloads: false),
        .integer("http.head_timeout", \.http.headTimeout, in: 1...600, unit: "seconds", reloads: false),
        .integer("http.body_timeout", \.http.bodyTimeout, in: 1...600, unit: "seconds", reloads: false),
        .integer("http.max_connections", \.http.maxConnections, in: 1...1_000_000, unit: "connections", reloads: false),
        .integer("http.event_loops", \.http.eventLoops, in: 0...256, unit: "threads, 0 = one per core", reloads: false),

        .text(
            "storage.min_free_mib", \.storage.minFreeMiB,
            expects: "auto, or a whole number from 0 to 1048576 (MiB, 0 = off)", reloads: false,
            read: minFreeMiB, show: { $0.map { "\($0)" } ?? "auto" }),
        .integer(
            "storage.waiting_events", \.storage.waitingEvents, in: 1...1_000_000, unit: "events", reloads: false),
        .integer("storage.waiting_mib", \.storage.waitingMiB, in: 1...4096, unit: "MiB", reloads: false),
        .integer("storage.readers", \.storage.readers, in: 1...64, unit: "connections", reloads: false),

        .integer(
            "retention.incidents_days", \.retention.incidentsDays, in: 0...36_500, unit: "days, 0 = for ever",
            reloads: true),
        .integer(
            "retention.events_days", \.retention.eventsDays, in: 0...36_500, unit: "days, 0 = for ever",
            reloads: true),
        .integer(
            "retention.change_events_days", \.retention.changeEventsDays, in: 0...36_500, unit: "days, 0 = for ever",
            reloads: true),

        .choice("log.level", \.log.level, reloads: true),
        .choice("log.format", \.log.format, reloads: false),

        .integer("shutdown.grace_seconds", \.shutdown.graceSeconds, in: 0...600, unit: "seconds", reloads: true),
    ]

    /// A base URL without its trailing slashes; nil for what no client could join a path to.
    private static func publicURL(_ text: String) -> String? {
        var url = Substring(text)
        while url.hasSuffix("/") { url.removeLast() }
        guard let scheme = ["http://", "https://"].first(where: url.lowercased().hasPrefix) else { return nil }
        let rest = url.dropFirst(scheme.utf8.count)
        guard let first = rest.utf8.first, first != UInt8(ascii: "/"), first != UInt8(ascii: ":") else { return nil }
        // Printable ASCII, and nothing that would begin a query, a fragment, or hold a password.
        let forbidden = Set("?#@\\\"<>{}|^`".utf8)
        guard rest.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !forbidden.contains($0) }) else { return nil }
        return scheme + rest
    }

    private static func pathPrefix(_ text: String) -> String? {
        guard !text.isEmpty else { return "" }
        guard text.hasPrefix("/") else { return nil }
        let segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let isGood = segments.allSatisfy { segment in
            !segment.isEmpty && segment != "." && segment != ".."
                && segment.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                        UInt8(ascii: "_"), UInt8(ascii: "~"):
                        true
                    default: false
                    }
                }
        }
        return isGood ? text : nil
    }

    /// The outer nil refuses; the inner one is `auto`.
    private static func minFreeMiB(_ text: String) -> Int?? {
        if text == "auto" { return .some(nil) }
        guard let number = Int(text), (0...1_048_576).contains(number) else { return nil }
        return .some(number)
    }
}
