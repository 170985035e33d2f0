// swift-tools-version: 6.2
import PackageDescription

// Targets for libFuzzer, in a package of their own because everything below them is built with its coverage: `make fuzz`.
func target(_ name: String, _ product: String) -> Target {
    .executableTarget(
        name: name, dependencies: ["FuzzLoop", .product(name: product, package: "aadc-upgrade")],
        swiftSettings: [
            .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
            .treatAllWarnings(as: .error),
        ],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
}

let package = Package(
    name: "Fuzzing",
    dependencies: [.package(name: "aadc-upgrade", path: "..")],
    targets: [
        .target(name: "CFuzzer"),
        .target(name: "FuzzLoop", dependencies: ["CFuzzer"]),
        target("fuzz-archive", "Unpacking"),
        target("fuzz-expression", "SyncExpressions"),
        target("fuzz-ldif", "SyncEngine"),
        target("fuzz-metadata", "TUF"),
        target("fuzz-rule", "SyncConfiguration"),
        target("fuzz-settings", "SyncConfiguration"),
    ]
)
