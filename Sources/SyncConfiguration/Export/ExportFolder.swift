/// A folder written by `Get-ADSyncServerConfiguration`: one file per connector and rule, and the global settings.
public struct ExportFolder: Sendable {
    public static let settingsFile = "GlobalSettings/MV.xml"
    public static let connectorsFolder = "Connectors"
    public static let rulesFolder = "SynchronizationRules"

    public let path: String

    public init(path: String) { self.path = path }

    /// Reads the whole folder. Every file is read to its end, so that a damaged one is noticed wherever the damage is, and a rule that
    /// cannot be understood is an error: none is left out.
    public func read() throws(ExportError) -> ServerConfiguration {
        try checkIsFolder()
        try refuseLink("GlobalSettings")
        guard try ExportFile.isFolder("\(path)/\(Self.settingsFile)") != nil else {
            throw incomplete(Self.settingsFile)
        }
        var files = ExportFiles()
        let (settingsFile, global) = try load(Self.settingsFile, root: SettingsElement.root) {
            root throws(ContentProblem) in try SettingsElement.read(root)
        }
        files.settings = settingsFile

        var connectors: [Connector] = []
        for name in try documents(in: Self.connectorsFolder) {
            let (file, connector) = try load(name, root: ConnectorElement.root) {
                root throws(ContentProblem) in try ConnectorElement.read(root)
            }
            try refuseDuplicate(connector.id, name, files.connectors[connector.id])
            files.connectors[connector.id] = file
            connectors.append(connector)
        }
        var rules: [SynchronizationRule] = []
        for name in try documents(in: Self.rulesFolder) {
            let (file, rule) = try load(name, root: RuleReader.root) {
                root throws(ContentProblem) in try RuleReader.read(root)
            }
            try refuseDuplicate(rule.id, name, files.rules[rule.id])
            files.rules[rule.id] = file
            rules.append(rule)
        }
        return ServerConfiguration(
            serverName: global.serverName, exportDate: global.exportDate, parameters: global.parameters,
            metaverse: global.metaverse, connectors: connectors, rules: rules.sorted(by: Self.before), files: files)
    }

    private static func before(_ left: SynchronizationRule, _ right: SynchronizationRule) -> Bool {
        (left.direction.rawValue, left.precedence, left.id) < (right.direction.rawValue, right.precedence, right.id)
    }

    private func load<Value>(
        _ name: String, root: String, _ read: (ExportElement) throws(ContentProblem) -> Value
    ) throws(ExportError) -> (ExportFiles.File, Value) {
        let place = "\(path)/\(name)"
        let bytes = try ExportFile.read(place)
        return (ExportFiles.File(path: name, bytes: bytes), try Self.parse(bytes, place, root, read))
    }

    static func parse<Value>(
        _ bytes: [UInt8], _ file: String, _ root: String, _ read: (ExportElement) throws(ContentProblem) -> Value
    ) throws(ExportError) -> Value {
        do throws(ContentProblem) {
            return try read(try XMLReader.read(bytes, root: root).root)
        } catch {
            throw ExportError(error, file: file, bytes: bytes)
        }
    }

    // MARK: The folder

    private func checkIsFolder() throws(ExportError) {
        guard let isFolder = try ExportFile.isFolder(path) else {
            throw ExportError(
                .noSuchInput, path: path, problem: "no such folder",
                remedy: "name the folder that Get-ADSyncServerConfiguration wrote")
        }
        guard isFolder else {
            throw ExportError(
                .badInput, path: path, problem: "expected a folder, found a file",
                remedy: "name the folder that holds \(Self.settingsFile)")
        }
        let names = try ExportFile.names(in: path)
        if !names.contains(Self.rulesFolder), names.contains(where: Self.isServiceManagerFile) {
            throw ExportError(
                .badInput, path: path,
                problem:
                    "this is a server export of the Synchronization Service Manager, which does not hold all settings",
                remedy: "export the server with Get-ADSyncServerConfiguration and name the folder that it writes")
        }
    }

    /// The Service Manager writes the metaverse and each connector directly into the folder.
    private static func isServiceManagerFile(_ name: String) -> Bool {
        let name = name.lowercased()
        return name == "mv.xml" || (name.hasPrefix("ma-{") && name.hasSuffix("}.xml"))
    }

    private func incomplete(_ missing: String) -> ExportError {
        ExportError(
            .badInput, path: path, problem: "not a whole export: expected \(missing) in it, found none",
            remedy: "name the folder that Get-ADSyncServerConfiguration wrote, with all its three folders")
    }

    /// The export's own folder may be reached through a link; what lies in it may not be one.
    private func refuseLink(_ name: String) throws(ExportError) {
        let place = "\(path)/\(name)"
        if ExportFile.isLink(place) { throw ExportFile.link(place) }
    }

    private func refuseDuplicate(_ id: String, _ name: String, _ other: ExportFiles.File?) throws(ExportError) {
        guard let other else { return }
        throw ExportError(
            .badInput, path: "\(path)/\(name)", element: "id",
            problem: "\(id) occurs in another file too, \(other.path)",
            remedy: "export into an empty folder")
    }

    /// The paths of the XML files in one of the three folders.
    private func documents(in name: String) throws(ExportError) -> [String] {
        try refuseLink(name)
        let subfolder = "\(path)/\(name)"
        guard try ExportFile.isFolder(subfolder) == true else { throw incomplete(name) }
        let documents = try ExportFile.names(in: subfolder).filter { $0.lowercased().hasSuffix(".xml") }.sorted()
        if documents.isEmpty { throw incomplete("\(name)/*.xml") }
        return documents.map { "\(name)/\($0)" }
    }
}
