import Documents
import Foundation
import GRDB
import LinuxHost
import ReleaseContract
import ServiceStore
import TestSupport

/// A server below a temporary root, with a small forest and a cloud directory beside it.
struct TestServer {
    let folder: URL
    let clock: TestClock
    let server: Server

    var root: String { folder.appending(path: "root").path }
    var forest: URL { folder.appending(path: "forest") }
    var cloud: String { folder.appending(path: "cloud").path }
    var data: String { "\(root)/var/lib/adsync/current/data" }

    /// Makes the server with release 1.1.750.0.
    init(
        _ folder: URL, people: [Person] = [], extra: [String] = [], parameters: [String: String] = [:],
        version: String = "1.1.750.0"
    ) throws {
        self.folder = folder
        clock = TestClock()
        let root = folder.appending(path: "root")
        let release = try ReleaseFolder.assemble(version, below: root)
        server = Server(root: root.path, release: try InstalledRelease(folder: release.path), clock: clock)
        try FileManager.default.createDirectory(at: forest, withIntermediateDirectories: true)
        try dump(people, extra: extra)
        let connectors = [
            try NewServer.directory("contoso.example=\(forest.path)"), NewServer.cloud(folder: cloud),
        ]
        _ = try server.initialize(NewServer(connectors: connectors, parameters: parameters))
    }

    func dump(_ people: [Person], extra: [String] = []) throws {
        try write("full.ldif", (people.map(\.entry) + extra).joined(separator: "\n"))
    }

    func write(_ name: String, _ records: String) throws {
        try Data("version: 1\n\n\(records)".utf8).write(to: forest.appending(path: name))
    }

    @discardableResult
    func cycle(_ policy: CyclePolicy? = nil) throws -> JSONValue {
        clock.pass(seconds: 1)
        return try server.cycle(policy: policy)
    }

    /// Cycles until the cloud has everything and the server knows that it has.
    func settle() throws {
        try cycle()
        try cycle()
    }

    func query<Value: DatabaseValueConvertible & Sendable>(_ type: Value.Type, _ sql: String) throws -> [Value] {
        try server.open().read { try Value.fetchAll($0, sql: sql) }
    }

    func execute(_ sql: String) throws { try server.open().write { try $0.execute(sql: sql) } }

    /// Operations that the cloud directory took note of, as `operation result`.
    func cloudLog() throws -> [String] {
        let bytes = try DurableFiles.read(CloudStore.logPath(cloud)) ?? []
        return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            let json = try JSONParser.parse(Array(line))
            return
                "\(json["operation"]?.string ?? "") \(json["objectType"]?.string ?? "") \(json["result"]?.string ?? "")"
        }
    }

    /// How the export to the cloud went in a cycle's answer.
    static func export(_ cycle: JSONValue) -> JSONValue {
        cycle["runs"]?.array?.first { $0["profile"] == "Export" && $0["connector"] == "cloud" } ?? .null
    }
}

/// A user of the forest.
struct Person {
    var number: Int
    var mail: String?
    var principal: String?
    var attributes: [String] = []

    var dn: String { "CN=Person \(number),DC=contoso,DC=example" }

    var entry: String {
        let guid = Data(repeating: 7, count: 12) + withUnsafeBytes(of: UInt32(number).bigEndian) { Data($0) }
        var lines = [
            "dn: \(dn)", "objectClass: top", "objectClass: person", "objectClass: user",
            "objectGUID:: \(guid.base64EncodedString())",
            "objectSid:: \((Data([1, 5, 0xFF]) + guid).base64EncodedString())",
            "sAMAccountName: person\(number)", "userAccountControl: 512", "displayName: Person \(number)",
            "userPrincipalName: \(principal ?? "person\(number)@contoso.example")",
        ]
        if let mail { lines += ["mail: \(mail)", "mailNickname: person\(number)", "proxyAddresses: SMTP:\(mail)"] }
        return (lines + attributes).joined(separator: "\n") + "\n"
    }

    static func crowd(_ count: Int, from first: Int = 1) -> [Person] {
        (first..<(first + count)).map { Person(number: $0, mail: "person\($0)@contoso.example") }
    }
}

/// Releases as `Releases/` has them.
enum ReleaseFolder {
    /// Puts a release below a root, with the built program linked where `program` says so.
    static func assemble(_ version: String, below root: URL, program: Bool = false) throws -> URL {
        let files = FileManager.default
        let source = packageFolder.appending(path: "Releases/\(version)")
        let target = root.appending(path: "opt/adsync/releases/\(version)")
        for name in ["bin", "rules"] {
            try files.createDirectory(at: target.appending(path: name), withIntermediateDirectories: true)
        }
        func text(_ name: String) throws -> String {
            try String(contentsOf: source.appending(path: name), encoding: .utf8)
        }
        let rules = try text("rules.from").split(separator: "\n").joined()
        try files.copyItem(
            at: packageFolder.appending(path: "catalog/rules/\(rules)"),
            to: target.appending(path: "rules/standard.json"))
        for layer in try text("layers").split(separator: "\n") {
            try overlay(packageFolder.appending(path: "Releases/\(layer)"), on: target)
        }
        for name in ["recipe.json", "layers", "rules.from"] {
            try? files.removeItem(at: target.appending(path: name))
        }
        let manifest = try text("recipe.json").replacing("\"recipe/1\"", with: "\"release/1\"")
        try Data(manifest.utf8).write(to: target.appending(path: "release.json"))
        if program {
            try files.createSymbolicLink(
                at: target.appending(path: "bin/adsync"), withDestinationURL: builtProgram("adsync"))
        }
        return target
    }

    private static func overlay(_ source: URL, on target: URL) throws {
        let files = FileManager.default
        for path in try files.subpathsOfDirectory(atPath: source.path) {
            let (from, to) = (source.appending(path: path), target.appending(path: path))
            var isFolder: ObjCBool = false
            _ = files.fileExists(atPath: from.path, isDirectory: &isFolder)
            if isFolder.boolValue {
                try files.createDirectory(at: to, withIntermediateDirectories: true)
            } else {
                try? files.removeItem(at: to)
                try files.copyItem(at: from, to: to)
            }
        }
    }
}
