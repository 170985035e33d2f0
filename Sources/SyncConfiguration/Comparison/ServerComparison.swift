import Documents

/// Two servers that should be alike, such as an active and a staging one: in what they differ.
///
/// What lies on one side only has nothing on the other. Values that exports encrypt are never shown, only that they are there. The
/// comparison with sides exchanged is the same with `left` and `right` exchanged.
public struct ServerComparison: Equatable, Sendable {
    /// One of the two servers, for a heading.
    public struct Side: Equatable, Sendable {
        public let serverName: String
        /// In the server's words, local time.
        public let exportDate: String
        /// nil where the server does not say.
        public let version: String?
    }

    /// One difference.
    public struct Row: Equatable, Sendable {
        /// The connector or rule that it is about; nil where `what` says everything.
        public let of: String?
        public let what: String
        /// nil where the left server has nothing of it.
        public let left: String?
        public let right: String?

        public init(of owner: String? = nil, _ what: String, _ left: String?, _ right: String?) {
            of = owner
            self.what = what
            self.left = left
            self.right = right
        }
    }

    public struct Section: Equatable, Sendable {
        public enum Kind: String, Sendable, CaseIterable {
            case version, settings, connectors, rules, precedences
            /// What each server has for itself: its accounts, its role, its next run.
            case own

            public var title: String {
                switch self {
                case .version: "Version"
                case .settings: "Settings"
                case .connectors: "Connectors"
                case .rules: "Synchronization rules"
                case .precedences: "Precedences"
                case .own: "What each server has for itself"
                }
            }
        }

        public let kind: Kind
        /// Whether a row makes the servers different. Names of accounts and the next run differ between any two servers.
        public let counts: Bool
        /// What has to be known to judge the rows; nil where nothing has.
        public let note: String?
        /// Rows of one owner stand together.
        public let rows: [Row]

        public init(_ kind: Kind, counts: Bool = true, note: String? = nil, _ rows: [Row]) {
            self.kind = kind
            self.counts = counts
            self.note = note
            self.rows = rows
        }
    }

    public let left: Side
    public let right: Side
    /// One per kind, in the order of the kinds; empty ones have no rows.
    public let sections: [Section]

    /// Whether anything differs that should not.
    public var differs: Bool { sections.contains { $0.counts && !$0.rows.isEmpty } }

    public subscript(_ kind: Section.Kind) -> Section? { sections.first { $0.kind == kind } }

    public static func make(_ left: ServerConfiguration, _ right: ServerConfiguration) -> ServerComparison {
        let pairs = ConnectorPairs(left.connectors, right.connectors)
        let settings = SettingsComparison(left.parameters, right.parameters)
        let connectors = ConnectorComparison(pairs)
        let rules = ServerRules(left.rules, right.rules, pairs)
        let versions = (left.version?.description, right.version?.description)
        return ServerComparison(
            left: Side(left), right: Side(right),
            sections: [
                Section(.version, versions.0 == versions.1 ? [] : [Row("version", versions.0, versions.1)]),
                Section(.settings, settings.rows), Section(.connectors, connectors.rows), Section(.rules, rules.rows),
                rules.precedences, Section(.own, counts: false, settings.own + connectors.own),
            ])
    }
}

extension ServerComparison.Side {
    init(_ configuration: ServerConfiguration) {
        serverName = configuration.serverName
        exportDate = configuration.exportDate
        version = configuration.version?.description
    }
}

/// Global parameters by name.
struct SettingsComparison {
    /// Those in which two servers of one tenant always or often differ: when and how the next run starts, and the server's role.
    static let ownNames: Set<String> = [
        "Microsoft.Synchronize.NextStartTime", "Microsoft.Synchronize.SynchronizationPolicy",
        GlobalParameter.schedulerSuspended, GlobalParameter.stagingMode,
    ]

    private(set) var rows: [ServerComparison.Row] = []
    private(set) var own: [ServerComparison.Row] = []

    init(_ left: [String: String], _ right: [String: String]) {
        for name in Set(left.keys).union(right.keys).sorted() where name != GlobalParameter.serverConfigurationVersion {
            guard !Self.isSame(left[name], right[name]) else { continue }
            let row = ServerComparison.Row(
                name, left[name].map { HiddenValue.shown($0, name) }, right[name].map { HiddenValue.shown($0, name) })
            if Self.ownNames.contains(name) { own.append(row) } else { rows.append(row) }
        }
    }

    /// Exports mix the spellings `True` and `true`.
    static func isSame(_ left: String?, _ right: String?) -> Bool {
        if left == right { return true }
        guard let left, let right, let one = Bool(exported: left) else { return false }
        return one == Bool(exported: right)
    }
}

/// Values that are not for a report. Exports leave the encrypted ones empty; a name tells those that some other way brought in.
enum HiddenValue {
    static let encrypted = "(encrypted)"
    static let hidden = "(not shown)"
    private static let names = ["password", "secret", "privatekey", "credential"]

    static func shown(_ value: String, _ name: String) -> String {
        let name = name.lowercased()
        let isHarmless = value.isEmpty || Bool(exported: value) != nil || Int(value) != nil
        return !isHarmless && names.contains(where: { name.contains($0) }) ? hidden : value
    }
}
