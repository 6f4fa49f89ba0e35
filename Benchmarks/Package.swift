// swift-tools-version: 6.2

import PackageDescription

/// What `make bench` runs beside the program itself: the limits it is compared with, and prepared databases. A package of
/// its own, so that building and testing alertgate costs nothing more.
let package = Package(
    name: "alertgate-benchmarks",
    dependencies: [
        .package(name: "alertgate", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    ],
    targets: [
        .executableTarget(
            name: "alertgate-bench",
            dependencies: [
                .product(name: "GatewayParts", package: "alertgate"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)])
    ]
)
