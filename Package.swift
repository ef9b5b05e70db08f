// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The rooms of the house, each with what it may import (docs/architecture.md has the picture).
// The build checks the arrows: --explicit-target-dependency-import-check error (see Makefile).

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let rooms: [Target] = [
    .target(name: "Instructions"),
    .target(name: "JSON"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Gzip", dependencies: ["CZlib"]),
    .target(name: "Spool", dependencies: [system, crypto]),
    .target(name: "InstructionFiles", dependencies: ["Instructions", "JSON"]),
    .target(name: "Pacing"),
    .target(name: "Runs", dependencies: ["Instructions", "Pacing", deque, heap]),
    .target(name: "SQLiteRunStore", dependencies: ["Instructions", "Pacing", "Runs", grdb]),
    .target(
        name: "Gateways",
        dependencies: [
            "Instructions", "Pacing", "JSON", "Runs", asyncHTTPClient, nioCore, nioHTTP1, logging,
        ]),
    .target(
        name: "Intake", dependencies: ["Instructions", "InstructionFiles", "JSON", "Spool", "Runs"]),
    .target(
        name: "Reports",
        dependencies: ["Instructions", "InstructionFiles", "JSON", "Gzip", "Spool", "Runs"]),
    .target(name: "Configuration", dependencies: ["Instructions", "Pacing", yams]),
    .target(
        name: "Operations",
        dependencies: [
            "Instructions", "JSON", "InstructionFiles", "Pacing", "Runs", "SQLiteRunStore", "Gateways",
            "Intake", "Reports", "Configuration", "Spool", logging,
        ]),
    .target(
        name: "Sandbox",
        dependencies: ["JSON", hummingbird, httpTypes, nioCore, logging, serviceLifecycle]),
    .target(
        name: "Command",
        dependencies: [
            "Operations", "Configuration", "Sandbox", "Instructions", "Runs", "JSON", argumentParser,
            logging, unixSignals,
        ]),
    .executableTarget(name: "intentbatch", dependencies: ["Command"]),
    .target(
        name: "TestSupport", dependencies: ["Instructions", "Pacing", "Runs"]),
]

let tests: [Target] = [
    .testTarget(name: "InstructionsTests", dependencies: ["Instructions"]),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], resources: [.copy("Corpus")]),
    .testTarget(name: "GzipTests", dependencies: ["Gzip"]),
    .testTarget(name: "SpoolTests", dependencies: ["Spool"]),
    .testTarget(
        name: "InstructionFilesTests", dependencies: ["InstructionFiles", "Instructions", "JSON"],
        resources: [.copy("Corpus")]),
    .testTarget(name: "PacingTests", dependencies: ["Pacing"]),
    .testTarget(name: "RunsTests", dependencies: ["Runs", "Instructions", "Pacing", "TestSupport"]),
    .testTarget(
        name: "SQLiteRunStoreTests",
        dependencies: ["SQLiteRunStore", "Runs", "Instructions", "Pacing", "TestSupport", grdb]),
    .testTarget(
        name: "GatewaysTests",
        dependencies: [
            "Gateways", "Instructions", "Runs", "Pacing", "JSON", nioCore, nioHTTP1, nioPosix,
        ]),
    .testTarget(
        name: "IntakeTests",
        dependencies: ["Intake", "Instructions", "InstructionFiles", "Runs", "Spool", "TestSupport"]),
    .testTarget(
        name: "ReportsTests",
        dependencies: ["Reports", "Instructions", "InstructionFiles", "JSON", "Gzip", "Runs", "TestSupport"]),
    .testTarget(
        name: "ConfigurationTests", dependencies: ["Configuration", "Instructions", "Pacing"]),
    .testTarget(
        name: "SandboxTests", dependencies: ["Sandbox", "JSON", asyncHTTPClient, nioCore, nioHTTP1]),
    .testTarget(name: "CommandTests", dependencies: ["Command", argumentParser]),
    .testTarget(name: "ProcessTests", dependencies: ["JSON", "intentbatch"]),
]

// SCAFFOLD: only the rooms that already stand.
let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
func stands(_ target: Target) -> Bool {
    let folder = target.type == .test ? "Tests" : "Sources"
    let files = try? FileManager.default.subpathsOfDirectory(atPath: "\(here)/\(folder)/\(target.name)")
    return files?.contains { $0.hasSuffix(".swift") || $0.hasSuffix(".modulemap") } ?? false
}
let standing = (rooms + tests).filter(stands)
let missing = Set((rooms + tests).map(\.name)).subtracting(standing.map(\.name))
for target in standing {
    target.dependencies = target.dependencies.filter {
        if case .byNameItem(let name, _) = $0 { !missing.contains(name) } else { true }
    }
}

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
    targets: standing,
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
