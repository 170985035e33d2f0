// swift-tools-version: 6.2
import PackageDescription

/// One set of settings for every Swift target: language mode 6 (the tools version's default), explicit existentials,
/// imports that say what they use, and no warnings.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// C shims are compiled with the GNU extensions that glibc hides otherwise (renameat2, openat2, pidfd_open).
let gnu: [CSetting] = [.define("_GNU_SOURCE"), .unsafeFlags(["-Wall", "-Wextra", "-Werror"])]

/// The Swift runtime is linked into every program, so that a release runs where no toolchain is. This is the linker's
/// half of `--static-swift-stdlib`; the whole option cannot be given to `swift test`, and one build folder cannot hold
/// both kinds. The libraries that static Foundation itself needs are named here for the same reason.
let staticRuntime: [LinkerSetting] = [
    .unsafeFlags(
        ["-static-stdlib", "-use-ld=lld", "-Xlinker", "--as-needed"]
            + [
                "Foundation", "FoundationXML", "_CFXMLInterface", "FoundationEssentials",
                "FoundationInternationalization", "_FoundationCollections", "_FoundationCShims", "_FoundationICU",
                "CoreFoundation", "dispatch", "BlocksRuntime", "swiftSynchronization", "stdc++", "xml2", "m",
            ].map { "-l\($0)" })
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
/// RSA signatures and scrypt, which the library keeps apart.
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let database: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, swiftSettings: strict, linkerSettings: staticRuntime)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "aadc-upgrade",
    products: [
        .executable(name: "aadc-upgrade", targets: ["aadc-upgrade"]),
        .executable(name: "adsync", targets: ["adsync"]),
        .executable(name: "aadc-rescuer", targets: ["aadc-rescuer"]),
        .executable(name: "aadc-unpack", targets: ["aadc-unpack"]),
        .executable(name: "aadc-publish", targets: ["aadc-publish"]),
        .executable(name: "aadc-tuf", targets: ["aadc-tuf"]),
        .executable(name: "forest-generator", targets: ["forest-generator"]),
        // What Fuzzing/ tries, a package of its own.
        .library(name: "SyncExpressions", targets: ["SyncExpressions"]),
        .library(name: "SyncEngine", targets: ["SyncEngine"]),
        .library(name: "SyncConfiguration", targets: ["SyncConfiguration"]),
        .library(name: "Unpacking", targets: ["Unpacking"]),
        .library(name: "TUF", targets: ["TUF"]),
        // Loaded by tests into the programs, to kill them from outside.
        .library(name: "KillShim", type: .dynamic, targets: ["KillShim"]),
        // Loaded by tests into the unpacker, to try what its sandbox forbids.
        .library(name: "SandboxProbe", type: .dynamic, targets: ["SandboxProbe"]),
    ],
    dependencies: [
        // Command lines: parsing, help and usage errors of all programs.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // SHA-256 everywhere; signatures, scrypt and authenticated encryption for The Update Framework.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        // X.509 certificates in rules' expressions, and the encoding below them.
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        // SQLite for the synchronization service's store. 7.10 is the first that links with Debian 12's SQLite.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // System libraries and C shims: no logic, each wrapped by exactly one Swift target.
        .target(name: "CLinux", cSettings: gnu),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CCurlShims", dependencies: ["CCurl"], cSettings: gnu),
        .target(name: "CSQLiteShims", cSettings: gnu),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),

        // Foundations: values and documents (pure), then Linux itself (files that survive a crash, processes, clock).
        module("Documents"),
        module("LinuxHost", ["CLinux", "Documents", crypto]),

        // The contract between a release and whoever operates it.
        module("ReleaseContract", ["Documents"]),

        // What releases exist, which one is the candidate.
        module(
            "VersionCatalog", ["Documents", "ReleaseContract"],
            // A symbolic link to `catalog/`, where people review the data: built in, so that a program needs no files.
            resources: [.embedInCode("Data")]),

        // The configuration of a synchronization server and its evaluation.
        module("SyncConfiguration", ["Documents", "ReleaseContract"]),
        module(
            "SyncExpressions",
            [
                crypto, .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ]),
        module("SyncEngine", ["Documents", "SyncConfiguration", "SyncExpressions"]),
        module(
            "ServiceStore",
            ["CSQLiteShims", "Documents", "LinuxHost", "ReleaseContract", "SyncConfiguration", "SyncEngine", database]),

        // The Update Framework: knows nothing of this project and could be a package of its own.
        module("TUF", ["Documents", "LinuxHost", crypto, cryptoExtras]),

        // Moving releases: fetch with libcurl, unpack with libarchive, build and publish.
        module(
            "Transfer",
            ["CCurl", "CCurlShims", "Documents", "LinuxHost", "ReleaseContract", "TUF", "VersionCatalog", crypto]),
        module("Sandbox", ["CLinux", "CSeccomp"]),
        module("Unpacking", ["CArchive", "CLinux", "Documents", "ReleaseContract"]),
        module(
            "ReleaseTools",
            ["CArchive", "Documents", "LinuxHost", "ReleaseContract", "TUF", "VersionCatalog", crypto]),

        // The orchestrator.
        module(
            "Upgrader",
            ["Documents", "LinuxHost", "ReleaseContract", "TUF", "VersionCatalog", "SyncConfiguration", "Transfer"]),

        // Directories of any size for tests, benchmarks and the demo.
        module("ForestGenerator", ["SyncEngine"]),

        // Programs: parse, call, print.
        program(
            "aadc-upgrade",
            [
                "Upgrader", "SyncConfiguration", "VersionCatalog", "ReleaseContract", "LinuxHost", "Documents",
                arguments,
            ]),
        program(
            "adsync",
            [
                "Documents", "LinuxHost", "ReleaseContract", "ServiceStore", "SyncConfiguration", "SyncEngine",
                arguments,
            ]),
        program("aadc-rescuer", ["CLinux"]),
        program("aadc-tuf", ["TUF", "Transfer", "Documents", "LinuxHost", arguments]),
        program("aadc-unpack", ["Sandbox", "Unpacking"]),
        program("aadc-publish", ["ReleaseTools", "TUF", "VersionCatalog", "Documents", "LinuxHost", arguments]),
        program("forest-generator", ["ForestGenerator", arguments]),

        // Tests stand beside what they test by name; TestSupport has what several need, and InvariantChecker judges a
        // server from outside, sharing no code with what it judges.
        .target(
            name: "KillShim", path: "Tests/KillShim", cSettings: gnu,
            // No Swift in it, hence no Swift runtime: it is also loaded where there is none.
            linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-stdlib"])]),
        .target(
            name: "SandboxProbe", path: "Tests/SandboxProbe", cSettings: gnu,
            linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-stdlib"])]),
        .target(name: "InvariantChecker", path: "Tests/InvariantChecker", swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["InvariantChecker", "LinuxHost", "Documents", "CLinux"],
            path: "Tests/TestSupport", swiftSettings: strict),
        // The checker as a program, for servers that are a machine of their own.
        .executableTarget(
            name: "invariant-check", dependencies: ["InvariantChecker"], path: "Tests/InvariantCheck",
            swiftSettings: strict, linkerSettings: staticRuntime),
        // Fetches one archive in a process of its own, whose memory a test looks at.
        .executableTarget(
            name: "transfer-probe", dependencies: ["Transfer", "ReleaseContract", "LinuxHost", "Documents"],
            path: "Tests/TransferProbe", swiftSettings: strict, linkerSettings: staticRuntime),
        tests("DocumentsTests", ["Documents", "TestSupport"]),
        tests("LinuxHostTests", ["LinuxHost", "Documents", "TestSupport"]),
        tests("ReleaseContractTests", ["ReleaseContract", "Documents", "TestSupport"]),
        tests("VersionCatalogTests", ["VersionCatalog", "ReleaseContract", "Documents", "TestSupport"]),
        tests("SyncConfigurationTests", ["SyncConfiguration", "Documents", "ReleaseContract", "TestSupport"]),
        // Certificates and tables of expected values are read from the source folder; a program writes the tables.
        tests(
            "SyncExpressionsTests", ["SyncExpressions", "Documents", "TestSupport"],
            exclude: ["Certificates", "Expected", "Oracle"]),
        tests(
            "SyncEngineTests", ["SyncEngine", "ForestGenerator", "SyncConfiguration", "Documents", "TestSupport"]),
        tests(
            "ServiceStoreTests",
            [
                "ServiceStore", "SyncEngine", "SyncConfiguration", "ReleaseContract", "LinuxHost", "Documents",
                "TestSupport", database,
            ]),
        tests(
            "TransferTests",
            ["Transfer", "ReleaseTools", "VersionCatalog", "ReleaseContract", "LinuxHost", "Documents", "TestSupport"]),
        tests(
            "TUFTests", ["TUF", "LinuxHost", "Documents", "TestSupport", crypto, cryptoExtras], exclude: ["python-tuf"]),
        tests("UnpackingTests", ["Unpacking", "ReleaseContract", "Documents", "TestSupport"]),
        tests(
            "ReleaseToolsTests",
            ["ReleaseTools", "TUF", "VersionCatalog", "ReleaseContract", "LinuxHost", "Documents", "TestSupport"]),
        tests(
            "UpgraderTests",
            [
                "Upgrader", "Transfer", "VersionCatalog", "SyncConfiguration", "ReleaseContract", "TUF", "LinuxHost",
                "Documents", "TestSupport",
            ]),
        tests(
            "EndToEndTests", ["Upgrader", "ReleaseContract", "InvariantChecker", "TestSupport", "Documents"]),
        tests("SystemdTests", ["Upgrader", "TestSupport"]),
    ]
)
