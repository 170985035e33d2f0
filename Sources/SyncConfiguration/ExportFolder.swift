import Foundation

/// A folder written by `Get-ADSyncServerConfiguration`: one file per connector and rule, and the global settings.
public struct ExportFolder: Sendable {
    public static let settingsFile = "GlobalSettings/MV.xml"
    public static let connectorsFolder = "Connectors"
    public static let rulesFolder = "SynchronizationRules"

    public let path: String

    public init(path: String) { self.path = path }

    /// Reads the whole folder. Every file is read to its end, so that a damaged one is noticed wherever the damage is.
    public func read() throws(ExportError) -> ServerConfiguration {
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        try checkIsFolder()
        let settings = folder.appending(path: Self.settingsFile)
        guard FileManager.default.fileExists(atPath: settings.path) else { throw incomplete(Self.settingsFile) }
        let global = try XMLElementReader.read(settings, into: GlobalSettingsHandler())

        var connectors: [Connector] = []
        for file in try files(in: Self.connectorsFolder, of: folder) {
            let connector = try XMLElementReader.read(file, into: ConnectorHandler()).connector
            try refuseDuplicate(connector.id, file, connectors.contains { $0.id == connector.id })
            connectors.append(connector)
        }
        var rules: [SynchronizationRule] = []
        var identifiers: Set<String> = []
        for file in try files(in: Self.rulesFolder, of: folder) {
            guard let rule = try XMLElementReader.read(file, into: RuleHandler()).rule else { continue }
            try refuseDuplicate(rule.id, file, !identifiers.insert(rule.id).inserted)
            rules.append(rule)
        }
        return ServerConfiguration(
            serverName: global.serverName, exportDate: global.exportDate, parameters: global.parameters,
            metaverse: global.metaverse, connectors: connectors, rules: rules.sorted(by: Self.before))
    }

    private static func before(_ left: SynchronizationRule, _ right: SynchronizationRule) -> Bool {
        (left.direction.rawValue, left.precedence, left.id) < (right.direction.rawValue, right.precedence, right.id)
    }

    private func checkIsFolder() throws(ExportError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ExportError(
                .noSuchInput, path: path, problem: "no such folder",
                remedy: "name the folder that Get-ADSyncServerConfiguration wrote")
        }
        guard isFolder.boolValue else {
            throw ExportError(
                .badInput, path: path, problem: "expected a folder, found a file",
                remedy: "name the folder that holds \(Self.settingsFile)")
        }
    }

    private func incomplete(_ missing: String) -> ExportError {
        ExportError(
            .badInput, path: path, problem: "not a whole export: expected \(missing) in it, found none",
            remedy: "name the folder that Get-ADSyncServerConfiguration wrote, with all its three folders")
    }

    private func refuseDuplicate(_ id: String, _ file: URL, _ isDuplicate: Bool) throws(ExportError) {
        guard isDuplicate else { return }
        throw ExportError(
            .badInput, path: file.path, element: "id", problem: "\(id) occurs in another file too",
            remedy: "export into an empty folder")
    }

    private func files(in name: String, of folder: URL) throws(ExportError) -> [URL] {
        let subfolder = folder.appending(path: name, directoryHint: .isDirectory)
        guard FileManager.default.fileExists(atPath: subfolder.path) else { throw incomplete(name) }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: subfolder.path)
        } catch {
            throw Self.unreadable(subfolder, error)
        }
        let documents = names.filter { $0.lowercased().hasSuffix(".xml") }.sorted()
        if documents.isEmpty { throw incomplete("\(name)/*.xml") }
        return documents.map { subfolder.appending(path: $0) }
    }

    static func unreadable(_ file: URL, _ error: any Error) -> ExportError {
        let code = (error as? CocoaError)?.code
        if code == .fileReadNoPermission {
            return ExportError(
                .notPermitted, path: file.path, problem: "reading is not permitted",
                remedy: "run as a user who may read it, or copy the export")
        }
        let isMissing = code == .fileReadNoSuchFile || code == .fileNoSuchFile
        return ExportError(
            isMissing ? .noSuchInput : .badInput, path: file.path, problem: "cannot be read (\(error))",
            remedy: XMLElementReader.exportAgain)
    }
}
