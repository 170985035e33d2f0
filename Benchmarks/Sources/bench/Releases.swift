import Foundation
import Glibc

/// The releases that the servers are upgraded to, in a published repository that counts what it sends.
struct Releases {
    static let first = "1.1.750.0"
    /// Another schema, other rules.
    static let migrating = "1.1.819.0"
    /// Nothing new but their version: what an upgrade costs that has nothing to migrate.
    static let same = ["1.1.820.0", "1.1.821.0", "1.1.822.0"]

    let programs: String
    /// All releases, built.
    let built: String
    /// What servers are offered.
    let repository: String
    private let work: String
    private let server: pid_t
    let url: String

    /// Builds the releases with the project's own script from a copy of its recipes to which versions are added.
    init(package: String, programs: String, work: String) throws {
        self.programs = programs
        self.work = work
        let built = "\(work)/built"
        self.built = built
        repository = "\(work)/repository"
        let recipes = "\(work)/recipes"
        let files = FileManager.default
        try? files.removeItem(atPath: recipes)
        try? files.removeItem(atPath: repository)
        for folder in [recipes, built, repository] {
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        for folder in ["Releases", "catalog", "scripts"] {
            try Child.must(["cp", "-R", "\(package)/\(folder)", "\(recipes)/\(folder)"])
        }
        for version in Self.same { try Self.addRecipe(version, recipes: recipes) }
        let versions = [Self.first, Self.migrating] + Self.same
        if versions.contains(where: { Self.isOlder("\(built)/adsync-\($0).tar.zst", than: "\(programs)/adsync") }) {
            try Child.must(
                ["\(recipes)/scripts/make-adsync-releases.sh", built] + versions, environment: ["PROGRAMS": programs])
        }
        try? files.removeItem(atPath: "\(work)/signing-key")
        try? files.removeItem(atPath: "\(work)/signing-key.pub")
        try Child.must(["\(programs)/aadc-publish", "keygen", "--unencrypted", "--output", "\(work)/signing-key"])

        let output = "\(work)/http.out"
        unlink(output)
        server = try Child.start(
            ["python3", "\(package)/Benchmarks/counting-server.py", repository, "\(work)/http.count"], log: output)
        var port = ""
        for _ in 0..<500 where port.isEmpty {
            usleep(10_000)
            port =
                (try? String(contentsOfFile: output, encoding: .utf8))?.split(separator: "\n").first.map(String.init)
                ?? ""
        }
        guard Int(port) != nil else { throw BenchError("the HTTP server did not start; see \(output)") }
        url = "http://127.0.0.1:\(port)"
    }

    func end() { kill(server, SIGTERM) }

    /// Offers exactly these releases.
    func publish(_ versions: [String]) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: repository) { unlink("\(repository)/\(name)") }
        for version in versions {
            for suffix in ["release.json", "chunks", "tar.zst"] {
                try Child.must(["cp", "\(built)/adsync-\(version).\(suffix)", repository])
            }
        }
        try Child.must([
            "\(programs)/aadc-publish", "repository", repository, "--product", "adsync", "--key",
            "\(work)/signing-key", "--channel", "auto-upgrade",
        ])
    }

    var trustedKeys: String { "\(work)/signing-key.pub" }

    /// Bytes sent so far, headers included.
    var bytesSent: Int {
        Int((try? String(contentsOfFile: "\(work)/http.count", encoding: .utf8)) ?? "") ?? 0
    }

    func archive(_ version: String) -> String { "\(built)/adsync-\(version).tar.zst" }
    func document(_ version: String) -> String { "\(built)/adsync-\(version).release.json" }

    private static func addRecipe(_ version: String, recipes: String) throws {
        let (from, to) = ("\(recipes)/Releases/\(migrating)", "\(recipes)/Releases/\(version)")
        try FileManager.default.createDirectory(atPath: to, withIntermediateDirectories: true)
        try Child.must(["cp", "\(from)/rules.from", to])
        try (String(contentsOfFile: "\(from)/layers", encoding: .utf8)).write(
            toFile: "\(to)/layers", atomically: false, encoding: .utf8)
        let recipe = try String(contentsOfFile: "\(from)/recipe.json", encoding: .utf8)
            .replacingOccurrences(of: "\"version\": \"\(migrating)\"", with: "\"version\": \"\(version)\"")
            .replacingOccurrences(of: "\"requiresFullImport\": true", with: "\"requiresFullImport\": false")
            .replacingOccurrences(
                of: "\"requiresFullSynchronization\": true", with: "\"requiresFullSynchronization\": false")
        try recipe.write(toFile: "\(to)/recipe.json", atomically: false, encoding: .utf8)
    }

    private static func isOlder(_ path: String, than other: String) -> Bool {
        var (one, two) = (stat(), stat())
        guard stat(path, &one) == 0 else { return true }
        return stat(other, &two) == 0 && one.st_mtim.tv_sec < two.st_mtim.tv_sec
    }
}
