extension ExportFolder {
    /// A file of an export, with its path below the folder.
    public typealias Document = (path: String, bytes: [UInt8])

    /// The files that hold a configuration. Writing them is the caller's.
    ///
    /// A part that says what the file says that it was read from is that file, byte by byte. In a part that was changed the typed members are
    /// new and all else stays. A part that was made has a file made of its typed members.
    public static func documents(of configuration: ServerConfiguration) throws(ExportError) -> [Document] {
        let settings = SettingsElement(
            serverName: configuration.serverName, exportDate: configuration.exportDate,
            parameters: configuration.parameters, metaverse: configuration.metaverse)
        var documents = [try document(of: settings, configuration.files.settings)]
        for connector in configuration.connectors {
            let path = try path(connectorsFolder, "Connector_", connector.id, connector.name)
            documents.append(try document(of: connector, configuration.files.connectors[connector.id], path))
        }
        for rule in configuration.rules {
            let path = try path(rulesFolder, "SynchronizationRule_", rule.id, rule.name)
            documents.append(try document(of: rule, configuration.files.rules[rule.id], path))
        }
        var paths: Set<String> = []
        for document in documents where !paths.insert(document.path).inserted {
            throw ExportError(
                .badInput, path: document.path, problem: "two parts of the configuration have this identifier",
                remedy: "give each connector and each rule an identifier of its own")
        }
        return documents
    }

    private static func path(
        _ folder: String, _ prefix: String, _ id: String, _ name: String
    ) throws(ExportError) -> String {
        guard let id = Identifier.normalized(id) else {
            throw ExportError(
                .badInput, path: name, element: "id", problem: "expected an identifier in braces, found \"\(id)\"",
                remedy: "give it an identifier like {01234567-89ab-cdef-0123-456789abcdef}")
        }
        return "\(folder)/\(prefix)\(id).xml"
    }

    private static func document(
        of settings: SettingsElement, _ file: ExportFiles.File?
    ) throws(ExportError) -> Document {
        guard let file else { return (settingsFile, try settings.document.bytes()) }
        var document = try ExportDocument(file.bytes, file: file.path, root: SettingsElement.root)
        guard (try? SettingsElement.read(document.root)) != settings else { return (file.path, file.bytes) }
        settings.merge(into: &document.root)
        return (file.path, try document.bytes())
    }

    private static func document(
        of connector: Connector, _ file: ExportFiles.File?, _ path: String
    ) throws(ExportError) -> Document {
        guard let file else { return (path, try ConnectorElement.document(connector).bytes()) }
        var document = try ExportDocument(file.bytes, file: file.path, root: ConnectorElement.root)
        guard (try? ConnectorElement.read(document.root)) != connector else { return (file.path, file.bytes) }
        ConnectorElement.merge(connector, into: &document.root)
        return (file.path, try document.bytes())
    }

    private static func document(
        of rule: SynchronizationRule, _ file: ExportFiles.File?, _ path: String
    ) throws(ExportError) -> Document {
        guard let file else { return (path, try RuleWriter.document(rule).bytes()) }
        var document = try ExportDocument(file.bytes, file: file.path, root: RuleReader.root)
        guard (try? RuleReader.read(document.root)) != rule else { return (file.path, file.bytes) }
        RuleWriter.merge(rule, into: &document.root)
        return (file.path, try document.bytes())
    }
}

extension SynchronizationRule {
    /// Reads one rule's file of an export.
    ///
    /// - Parameters:
    ///   - exported: The whole file.
    ///   - file: Named in errors.
    public init(exported bytes: [UInt8], file: String) throws(ExportError) {
        self = try ExportFolder.parse(bytes, file, RuleReader.root) { root throws(ContentProblem) in
            try RuleReader.read(root)
        }
    }

    /// The rule as a file of an export.
    public func exported() throws(ExportError) -> [UInt8] { try RuleWriter.document(self).bytes() }
}
