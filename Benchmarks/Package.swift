// swift-tools-version: 6.2
import PackageDescription

// A package of its own: building and testing the programs never builds it, and it knows them only from outside, as an
// administrator does.
let package = Package(
    name: "Benchmarks",
    targets: [
        .executableTarget(
            name: "bench",
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ])
    ]
)
