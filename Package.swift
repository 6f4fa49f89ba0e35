// swift-tools-version: 6.2

import PackageDescription

/// Swift 6 language mode comes with the tools version; a warning is an error in every target of ours.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// One target of ours, with the settings every one of them shares.
func target(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one target.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The commit for `alertgate --version`, which `make release` gives. It comes from the environment because that can
/// neither fail nor be out of date. SwiftPM evaluates this file again if the environment changes, but not if git does:
/// `Context.gitInformation` keeps naming an old commit. A generated file would name the old one after `git pull`, and a
/// plugin would need git in every build, also in one from a tarball. A text that is no name of a commit is ignored.
let commit: [CSetting] = {
    guard let commit = Context.environment["ALERTGATE_COMMIT"], !commit.isEmpty,
        commit.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    else { return [] }
    return [.define("ALERTGATE_COMMIT", to: "\"\(commit)\"")]
}()

let package = Package(
    name: "alertgate",
    products: [
        .executable(name: "alertgate", targets: ["alertgate"]),
        // For the package in Benchmarks/ alone: no interface is promised to anybody else.
        .library(
            name: "GatewayParts",
            targets: ["Alerting", "EventsAPI", "Gateway", "HTTPAPI", "HTTPServer", "Pipeline", "Store"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        // Without its traits: JSON and YAML would link all of Foundation, see docs/adr/0014-no-foundation.md.
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Static, since each distribution has another version of the shared library: docs/adr/0020-re2.md.
        .target(name: "CRE2", linkerSettings: [.linkedLibrary(":libre2.a"), .linkedLibrary("stdc++")]),
        .target(name: "CBuild", cSettings: commit),
        .target(
            name: "Migrations", path: "migrations", resources: [.embedInCode("sql")], swiftSettings: strict),
        .target(name: "CAPIDescription"),

        target("APIDescription", ["CAPIDescription"]),
        target("WireJSON", []),
        target("CivilCalendar", []),
        target("TimeZones", ["CivilCalendar"]),
        target("Cryptography", ["CCrypto"]),
        target("Alerting", ["CivilCalendar", "CRE2", "TimeZones"]),
        target("EventsAPI", ["Alerting", "CivilCalendar", "WireJSON"]),
        target("Store", ["Alerting", "CSQLite", "Cryptography", "EventsAPI", "Migrations", "WireJSON"]),
        target(
            "Pipeline",
            [
                "Alerting", "Store", .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        target(
            "HTTPServer",
            [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        target(
            "HTTPAPI",
            [
                "APIDescription", "Alerting", "CZlib", "CivilCalendar", "Cryptography", "EventsAPI", "HTTPServer",
                "Pipeline", "Store", "TimeZones", "WireJSON",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        target(
            "Gateway",
            [
                "Alerting", "CBuild", "CYAML", "HTTPAPI", "HTTPServer", "Pipeline", "Store", "TimeZones",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .executableTarget(
            name: "alertgate",
            dependencies: [
                "Alerting", "EventsAPI", "Gateway", "HTTPAPI", "HTTPServer", "Pipeline", "Store", "WireJSON",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            // Commands run once: small rather than quick.
            swiftSettings: strict + [.unsafeFlags(["-Osize"], .when(configuration: .release))],
            // Without the names that a static Swift exports for nobody, and with its relocations in the short form, which
            // lld alone writes: together 6 MB of 36, see docs/adr/0014-no-foundation.md.
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xlinker", "-z", "-Xlinker",
                        "pack-relative-relocs", "-Xlinker", "--icf=safe", "-Xlinker", "-O2",
                    ], .when(configuration: .release))
            ]),
        .target(name: "CFaultVFS", linkerSettings: [.linkedLibrary("sqlite3")]),
        target("GatewayTesting", ["Alerting", "Pipeline", "Store", "WireJSON"]),

        tests("WireJSONTests", ["WireJSON"]),
        tests("CivilCalendarTests", ["CivilCalendar"]),
        tests("TimeZonesTests", ["TimeZones"]),
        tests("CryptographyTests", ["Cryptography"]),
        tests("AlertingTests", ["Alerting"]),
        tests("EventsAPITests", ["EventsAPI", "Alerting", "WireJSON"]),
        tests("StoreTests", ["Store", "Alerting", "GatewayTesting"]),
        tests("PipelineTests", ["Pipeline", "Store", "Migrations", "Alerting", "GatewayTesting"]),
        tests("HTTPServerTests", ["HTTPServer"]),
        tests("HTTPAPITests", ["CZlib", "Cryptography", "HTTPAPI", "HTTPServer", "GatewayTesting", "WireJSON"]),
        tests("GatewayTests", ["Gateway", "HTTPServer", "GatewayTesting", "WireJSON"]),
        tests("EndToEndTests", ["GatewayTesting", "WireJSON"]),
        tests(
            "FaultTests",
            [
                "CFaultVFS", "Alerting", "Gateway", "GatewayTesting", "HTTPAPI", "HTTPServer", "Pipeline", "Store",
                "WireJSON",
                .product(name: "Logging", package: "swift-log"),
            ]),
        tests("ProjectTests", ["alertgate", "TimeZones"]),
    ]
)
