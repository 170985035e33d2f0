import SyncConfiguration

extension ServerFacts {
    /// The facts that an exported configuration holds.
    public init(configuration: ServerConfiguration, folder: String) {
        self.init(source: .export(folder: folder, date: configuration.exportDate))
        product = Self.realProduct
        version = configuration.version
        recordedName = configuration.serverName
        parameters = configuration.parameters
        connectors = configuration.connectors.map {
            ConnectorFacts(id: $0.id, name: $0.name, kind: $0.kind, account: $0.forest?.user)
        }
        customRuleNames = configuration.customRules.map(\.name)
        customRules = configuration.customRules.count
    }
}
