// swift-tools-version: 6.2
import PackageDescription

// The rooms of the house, each with what it may import (docs/architecture.md has the picture).
// The build checks the arrows: --explicit-target-dependency-import-check error (see Makefile).

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let rooms: [Target] = [
    .target(name: "Instructions"),
    .target(name: "JSON"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Gzip", dependencies: ["CZlib"]),
    .target(name: "Spool", dependencies: [system, crypto]),
    .target(name: "InstructionFiles", dependencies: ["Instructions", "JSON", "Gzip"]),
    .target(name: "Pacing"),
    .target(name: "Runs", dependencies: ["Instructions", "Pacing", deque, heap, logging]),
    .target(name: "SQLiteRunStore", dependencies: ["Instructions", "Pacing", "Runs", grdb, grdbSQLite]),
    .target(
        name: "Gateways",
        dependencies: [
            "Instructions", "Pacing", "JSON", "Runs", asyncHTTPClient, nioCore, nioHTTP1, nioPosix, logging,
        ]),
    .target(
        name: "Intake", dependencies: ["Instructions", "InstructionFiles", "JSON", "Pacing", "Spool", "Runs"]),
    .target(
        name: "Reports",
        dependencies: ["Instructions", "InstructionFiles", "JSON", "Gzip", "Pacing", "Spool", "Runs"]),
    .target(name: "Settings", dependencies: ["Instructions", "Pacing", yams]),
    .target(
        name: "Operations",
        dependencies: [
            "Instructions", "JSON", "InstructionFiles", "Pacing", "Runs", "SQLiteRunStore", "Gateways",
            "Intake", "Reports", "Settings", "Spool", logging,
        ]),
    .target(
        name: "Sandbox",
        dependencies: ["JSON", hummingbird, httpTypes, nioCore, logging]),
    .target(
        name: "Command",
        dependencies: [
            "Operations", "Gateways", "Instructions", "Intake", "JSON", "Pacing", "Reports", "Runs",
            "Sandbox",
            "Settings", argumentParser, logging, unixSignals,
        ]),
    .executableTarget(name: "intentbatch", dependencies: ["Command"]),
    .executableTarget(
        name: "FaultExperiments", dependencies: ["Pacing", "Trials", argumentParser, grdb, unixSignals]),
    .target(
        name: "Trials",
        dependencies: ["Instructions", "JSON", "Gzip", "InstructionFiles", "Pacing", "Sandbox"]),
    .target(
        name: "TestSupport", dependencies: ["Instructions", "Pacing", "Runs"]),
    .executableTarget(name: "Simulation", dependencies: ["Instructions", "Pacing", "Runs", heap]),
    .executableTarget(
        name: "BareClient", dependencies: [asyncHTTPClient, nioCore, nioHTTP1],
        path: "Benchmarks/BareClient"),
]

let tests: [Target] = [
    .testTarget(name: "InstructionsTests", dependencies: ["Instructions", "Pacing"]),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], resources: [.copy("Corpus")]),
    .testTarget(name: "GzipTests", dependencies: ["Gzip"]),
    .testTarget(name: "SpoolTests", dependencies: ["Spool"]),
    .testTarget(
        name: "InstructionFilesTests", dependencies: ["InstructionFiles", "Instructions", "JSON", "Gzip"],
        resources: [.copy("Corpus")]),
    .testTarget(name: "PacingTests", dependencies: ["Pacing"]),
    .testTarget(name: "RunsTests", dependencies: ["Runs", "Instructions", "Pacing", "TestSupport"]),
    .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Instructions", "Pacing", "Runs"]),
    .testTarget(
        name: "SQLiteRunStoreTests",
        dependencies: ["SQLiteRunStore", "Runs", "Instructions", "Pacing", "TestSupport", grdb]),
    .testTarget(
        name: "GatewaysTests",
        dependencies: [
            "Gateways", "Instructions", "Runs", "Pacing", "JSON", nioCore, nioEmbedded, nioHTTP1, nioPosix,
        ]),
    .testTarget(
        name: "IntakeTests",
        dependencies: ["Intake", "Instructions", "InstructionFiles", "Pacing", "Runs", "Spool"],
        resources: [.copy("Spreadsheets")]),
    .testTarget(
        name: "ReportsTests",
        dependencies: [
            "Reports", "Instructions", "InstructionFiles", "JSON", "Gzip", "Pacing", "Runs", "Spool",
        ], resources: [.copy("Golden")]),
    .testTarget(
        name: "SettingsTests", dependencies: ["Settings", "Instructions", "Pacing"]),
    .testTarget(
        name: "SandboxTests",
        dependencies: ["Sandbox", "JSON", asyncHTTPClient, httpTypes, nioCore, nioHTTP1]),
    .testTarget(
        name: "OperationsTests",
        dependencies: [
            "Operations", "Gateways", "Gzip", "InstructionFiles", "Instructions", "Intake", "Pacing",
            "Reports", "Runs", "SQLiteRunStore", "Settings", "Spool", "TestSupport",
        ]),
    .testTarget(
        name: "GatewayConformanceTests",
        dependencies: ["Gateways", "Instructions", "Runs", "Sandbox", "TestSupport"]),
    .testTarget(
        name: "CommandTests",
        dependencies: ["Command", "Instructions", "Intake", "Pacing", "Runs", argumentParser]),
    .testTarget(
        name: "ProcessTests",
        dependencies: ["intentbatch", "JSON", "Gzip", "Pacing", "Sandbox", "Trials"]),
]

let package = Package(
    name: "intentbatch",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: rooms + tests,
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
