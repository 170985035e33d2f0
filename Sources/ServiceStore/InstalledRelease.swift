import Documents
import LinuxHost

/// One release as it lies unpacked: what the service needs to know about itself.
public struct InstalledRelease: Equatable, Sendable {
    public struct Migration: Equatable, Sendable {
        /// The schema epoch that the data has afterwards.
        public let epoch: Int
        public let name: String
        public let sql: String
    }

    public struct RuleFile: Equatable, Sendable {
        public let name: String
        public let bytes: [UInt8]
    }

    public let folder: String
    public let version: ProductVersion
    /// Bundled components and their versions.
    public let components: [String: ProductVersion]
    /// What the release's own list says of its files; nil where it has no list.
    private let files: [ListedFile]?

    private struct ListedFile: Equatable {
        let path: String
        let size: Int
        let isExecutable: Bool
    }

    public init(folder: String) throws {
        let file = "\(folder)/release.json"
        guard let bytes = try DurableFiles.read(file) else {
            throw ServiceError(.failed, "\(file): there is no release here; give its folder with --release")
        }
        var fields = try FieldReader(try JSONValue(bytes: bytes, file: file), file: file)
        self.folder = folder
        version = try fields.version("version")
        var components: [String: ProductVersion] = [:]
        if fields.optional("components") != nil {
            for var component in try fields.objects("components") {
                components[try component.string("name")] = try component.version("version")
            }
        }
        self.components = components
        if fields.optional("files") != nil {
            var files: [ListedFile] = []
            for var file in try fields.objects("files") {
                files.append(
                    ListedFile(
                        path: try file.string("path"), size: try file.count("size"),
                        isExecutable: try file.string("mode") == "0755"))
            }
            self.files = files
        } else {
            files = nil
        }
    }

    /// Whether somebody edited what the programs of this release are made of and read: a file is gone, or has another size
    /// or mode than the release's list says. Beside these, the programs read no configuration; what an administrator may set
    /// lies in the data. The digests are for whoever verifies a release, which takes longer. nil where there is no list.
    public func isEdited() throws -> Bool? {
        guard let files else { return nil }
        return try files.contains { file in
            guard let rights = try FileRights("\(folder)/\(file.path)") else { return true }
            return rights.kind != .file(bytes: file.size) || (rights.mode & 0o111 != 0) != file.isExecutable
        }
    }

    /// The release that a program belongs to: the folder above its own.
    public static func folder(ofProgram path: String) -> String {
        DurableFiles.folder(of: DurableFiles.folder(of: path))
    }

    /// `migrations/NNN.sql` in order, from 1 without a gap.
    public func migrations() throws -> [Migration] {
        let names = (try DurableFiles.list("\(folder)/migrations") ?? []).filter { $0.hasSuffix(".sql") }
        var found: [Migration] = []
        for (index, name) in names.enumerated() {
            let path = "\(folder)/migrations/\(name)"
            guard name.utf8.count == 7, let epoch = Int(name.prefix(3)), epoch == index + 1 else {
                throw ServiceError(.failed, "\(path): expected the name \(Self.number(index + 1)).sql here")
            }
            guard let bytes = try DurableFiles.read(path), let sql = String(validating: bytes, as: UTF8.self) else {
                throw ServiceError(.failed, "\(path): expected SQL text in UTF-8")
            }
            found.append(Migration(epoch: epoch, name: name, sql: sql))
        }
        if found.isEmpty { throw ServiceError(.failed, "\(folder)/migrations: this release has no migrations") }
        return found
    }

    /// The schema epoch this release writes.
    public func epoch() throws -> Int {
        let names = try DurableFiles.list("\(folder)/migrations") ?? []
        return names.filter { $0.hasSuffix(".sql") }.count
    }

    public func rules() throws -> [RuleFile] {
        var files: [RuleFile] = []
        for name in try DurableFiles.list("\(folder)/rules") ?? [] where name.hasSuffix(".json") {
            guard let bytes = try DurableFiles.read("\(folder)/rules/\(name)") else { continue }
            files.append(RuleFile(name: "\(folder)/rules/\(name)", bytes: bytes))
        }
        return files
    }

    private static func number(_ value: Int) -> String {
        String(repeating: "0", count: max(0, 3 - String(value).count)) + String(value)
    }
}
