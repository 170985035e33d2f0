import Documents

/// The configuration of a synchronization server, wherever it was read from.
public struct ServerConfiguration: Equatable, Sendable {
    /// The server's own name, as it wrote it.
    public var serverName: String
    /// When the configuration was written, in the server's words (local time, no zone is stated).
    public var exportDate: String
    /// Global parameters by their full names, such as `Microsoft.Synchronize.StagingMode`.
    public var parameters: [String: String]
    public var metaverse: DirectorySchema
    public var connectors: [Connector]
    /// In order of direction and precedence.
    public var rules: [SynchronizationRule]
    /// The files that the configuration was read from; none where it was made.
    public var files: ExportFiles

    public init(
        serverName: String, exportDate: String, parameters: [String: String], metaverse: DirectorySchema,
        connectors: [Connector], rules: [SynchronizationRule], files: ExportFiles = ExportFiles()
    ) {
        self.serverName = serverName
        self.exportDate = exportDate
        self.parameters = parameters
        self.metaverse = metaverse
        self.connectors = connectors
        self.rules = rules
        self.files = files
    }

    /// The version that wrote the configuration; nil where the server does not say or says something else than a version.
    public var version: ProductVersion? {
        parameters[GlobalParameter.serverConfigurationVersion].flatMap { ProductVersion($0) }
    }

    /// Rules that the product did not make.
    public var customRules: [SynchronizationRule] { rules.filter(\.isCustom) }
}

/// Names of the global parameters that this project reads.
public enum GlobalParameter {
    public static let serverConfigurationVersion = "Microsoft.Synchronize.ServerConfigurationVersion"
    public static let autoUpgradeState = "Microsoft.OptionalFeature.AutoUpgradeState"
    public static let autoUpgradeSuspensionReason = "Microsoft.OptionalFeature.AutoUpgradeSuspensionReason"
    public static let synchronizationSchedule = "Microsoft.Synchronize.SynchronizationSchedule"
    public static let schedulerSuspended = "Microsoft.Synchronize.SchedulerSuspended"
    public static let stagingMode = "Microsoft.Synchronize.StagingMode"
    /// Not in the first versions that upgrade themselves.
    public static let signOnMethod = "Microsoft.UserSignIn.SignOnMethod"
    public static let desktopSingleSignOn = "Microsoft.UserSignIn.DesktopSsoEnabled"
}
