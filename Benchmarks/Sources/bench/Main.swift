import Foundation
import Glibc

/// Measures what upgrades cost, on servers of several sizes.
@main
struct Bench {
    static let usage = """
        usage: bench [--package DIR] [--programs DIR] [--work DIR] [--objects N[,N…]] [--patience SECONDS] [--export DIR]
          --package   the project (.)
          --programs  its optimised programs (.build/release)
          --work      a folder to be filled (.bench); servers of an earlier run there are removed
          --objects   sizes of the directory (10000,100000)
          --patience  how long the first two cycles may take (1200)
          --export    an exported configuration, for the time of `check --export`
        """

    static func main() {
        do {
            try run()
        } catch {
            FileHandle.standardError.write(Data("bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() throws {
        let options = try options()
        let programs = absolute(options["programs"] ?? ".build/release")
        let work = absolute(options["work"] ?? ".bench")
        for program in ["adsync", "aadc-upgrade", "aadc-publish", "aadc-unpack", "forest-generator"]
        where access("\(programs)/\(program)", X_OK) != 0 {
            throw BenchError("\(programs)/\(program): build it first: swift build -c release")
        }
        let sizes = (options["objects"] ?? "10000,100000").split(separator: ",").compactMap { Int($0) }
        guard !sizes.isEmpty, let patience = Double(options["patience"] ?? "1200") else { throw BenchError(usage) }
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        let releases = try Releases(
            package: absolute(options["package"] ?? "."), programs: programs, work: work)
        defer { releases.end() }
        if let export = options["export"] { try check(absolute(export), programs: programs) }
        var all: [Figures] = []
        for size in sizes {
            say("\(Report.grouped(size)) objects, load \(load)")
            all.append(try Measurement(releases: releases, work: work, patience: patience).figures(objects: size))
        }
        say("\n\(Report(figures: all).text)\n\nload at the end: \(load)")
        if all.contains(where: { $0.problem != nil }) { throw BenchError("not everything could be measured") }
    }

    private static func check(_ folder: String, programs: String) throws {
        // Its exit status is the verdict.
        let costs = try (0..<20).map { _ in
            try Child.run(["\(programs)/aadc-upgrade", "check", "--export", folder])
        }
        say(
            "check --export: \(Text.spread(costs.map(\.seconds))), processor \(Text.seconds(Text.median(costs.map(\.processor))))"
        )
    }

    private static var load: String {
        (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.split(separator: " ").prefix(3)
            .joined(separator: " ") ?? "?"
    }

    private static func options() throws -> [String: String] {
        var options: [String: String] = [:]
        var words = CommandLine.arguments.dropFirst()
        while let word = words.popFirst() {
            let name = String(word.dropFirst(2))
            guard word.hasPrefix("--"), let value = words.popFirst(),
                ["package", "programs", "work", "objects", "patience", "export"].contains(name)
            else { throw BenchError(usage) }
            options[name] = value
        }
        return options
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
