/// Which connectors of two servers are the same. Identifiers differ between servers, except the cloud connector's.
struct ConnectorPairs {
    struct Pair {
        /// The same on both servers.
        let name: String
        let left: Connector?
        let right: Connector?
    }

    /// The cloud's first, then by name.
    private(set) var pairs: [Pair] = []
    private var keys: [String: String] = [:]

    init(_ left: [Connector], _ right: [Connector]) {
        let (left, right) = (Self.keyed(left), Self.keyed(right))
        for key in Set(left.keys).union(right.keys).sorted() {
            let pair = (left[key], right[key])
            // Of two spellings always the same one, whichever side it is on.
            let name = [pair.0?.name, pair.1?.name].compactMap { $0 }.min() ?? key
            pairs.append(Pair(name: name, left: pair.0, right: pair.1))
        }
    }

    private static func keyed(_ connectors: [Connector]) -> [String: Connector] {
        var result: [String: Connector] = [:]
        for connector in connectors.sorted(by: { $0.id < $1.id }) {
            var key = key(connector)
            while result[key] != nil { key += " (again)" }
            result[key] = connector
        }
        return result
    }

    private static func key(_ connector: Connector) -> String {
        switch connector.kind {
        // Of the same tenant or of two, a server has one.
        case .cloud: "1"
        case .activeDirectory: "2 \(connector.name.lowercased())"
        case .other: "3 \(connector.name.lowercased())"
        }
    }

    /// The name that both servers' rules have in common for their connector, by its identifier.
    func names(_ side: KeyPath<Pair, Connector?>) -> [String: String] {
        var names: [String: String] = [:]
        for pair in pairs {
            guard let connector = pair[keyPath: side] else { continue }
            names[connector.id] = pair.name
        }
        return names
    }
}

/// What two servers read, and where.
struct ConnectorComparison {
    typealias Row = ServerComparison.Row

    /// Parameters that hold the account that a server made for itself, or where it last read.
    static let ownParameters: Set<String> = ["username", "forest-login-user", "forest-login-domain", "last-dc"]
    /// Marks of a server's last import, of no meaning to anyone else.
    static let markers: Set<String> = ["cookie"]

    private(set) var rows: [Row] = []
    private(set) var own: [Row] = []

    init(_ pairs: ConnectorPairs) {
        for pair in pairs.pairs {
            guard let left = pair.left, let right = pair.right else {
                rows.append(
                    Row("connector \(pair.name)", pair.left.map(Self.summary), pair.right.map(Self.summary)))
                continue
            }
            compare(pair.name, left, right)
        }
    }

    private static func summary(_ connector: Connector) -> String {
        switch connector.kind {
        case .cloud: "cloud"
        case .activeDirectory: "Active Directory"
        case .other: connector.category
        }
    }

    private mutating func compare(_ owner: String, _ left: Connector, _ right: Connector) {
        compare(owner, "name", left.name, right.name)
        compare(owner, "category", left.category, right.category)
        compare(owner, "subtype", left.subtype, right.subtype)
        compare(owner, "forest", left.forest?.name, right.forest?.name)
        if left.forest?.user != right.forest?.user || left.forest?.domain != right.forest?.domain {
            own.append(Row(of: owner, "account", Self.account(left.forest), Self.account(right.forest)))
        }
        comparePartitions(owner, left.partitions, right.partitions)
        compareMembers(owner, "attribute", "read", left.includedAttributes, right.includedAttributes)
        compareParameters(owner, "", left.parameters, right.parameters)
    }

    private static func account(_ account: Connector.ForestAccount?) -> String? {
        account.map { $0.domain.isEmpty ? $0.user : "\($0.domain)\\\($0.user)" }
    }

    private mutating func compare(_ owner: String, _ what: String, _ left: String?, _ right: String?) {
        if left != right { rows.append(Row(of: owner, what, left, right)) }
    }

    private mutating func comparePartitions(
        _ owner: String, _ left: [Connector.Partition], _ right: [Connector.Partition]
    ) {
        let (left, right) = (Self.byName(left, \.name), Self.byName(right, \.name))
        for key in Set(left.keys).union(right.keys).sorted() {
            let name = [left[key]?.name, right[key]?.name].compactMap { $0 }.min() ?? key
            let what = "partition \(name)"
            compare(owner, what, left[key].map(Self.selection), right[key].map(Self.selection))
            guard let one = left[key], let other = right[key] else { continue }
            compareMembers(owner, "\(what): object class", "read", one.objectClasses, other.objectClasses)
            compareMembers(
                owner, "\(what): included container", "listed", one.includedContainers, other.includedContainers)
            compareMembers(
                owner, "\(what): excluded container", "listed", one.excludedContainers, other.excludedContainers)
            compareParameters(owner, "\(what): ", one.parameters, other.parameters)
        }
    }

    private static func selection(_ partition: Connector.Partition) -> String {
        partition.isSelected ? "selected" : "not selected"
    }

    /// Names of a directory are compared without case.
    private mutating func compareMembers(
        _ owner: String, _ what: String, _ word: String, _ left: [String], _ right: [String]
    ) {
        let (left, right) = (Self.byName(left, \.self), Self.byName(right, \.self))
        for key in Set(left.keys).symmetricDifference(right.keys).sorted() {
            let name = left[key] ?? right[key] ?? key
            rows.append(Row(of: owner, "\(what) \(name)", left[key].map { _ in word }, right[key].map { _ in word }))
        }
    }

    private mutating func compareParameters(
        _ owner: String, _ place: String, _ left: [Connector.Parameter], _ right: [Connector.Parameter]
    ) {
        let (left, right) = (Self.byUse(left), Self.byUse(right))
        for key in Set(left.keys).union(right.keys).sorted() {
            let (one, other) = (left[key], right[key])
            let name = [one?.name, other?.name].compactMap { $0 }.min() ?? key
            guard !Self.markers.contains(name.lowercased()) else { continue }
            // Of an encrypted value there is nothing to compare but that it is there.
            let isEncrypted = one?.isEncrypted == true || other?.isEncrypted == true
            let isSame =
                isEncrypted
                ? (one == nil) == (other == nil) : SettingsComparison.isSame(one?.value, other?.value)
            guard !isSame else { continue }
            func shown(_ parameter: Connector.Parameter?) -> String? {
                parameter.map { isEncrypted ? HiddenValue.encrypted : HiddenValue.shown($0.value, name) }
            }
            let row = Row(of: owner, "\(place)parameter \(name)", shown(one), shown(other))
            if Self.ownParameters.contains(name.lowercased()) { own.append(row) } else { rows.append(row) }
        }
    }

    private static func byName<Element>(
        _ elements: [Element], _ name: KeyPath<Element, String>
    ) -> [String: Element] {
        Dictionary(elements.map { ($0[keyPath: name].lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func byUse(_ parameters: [Connector.Parameter]) -> [String: Connector.Parameter] {
        Dictionary(
            parameters.map { ("\($0.name.lowercased()) \($0.use)", $0) }, uniquingKeysWith: { first, _ in first })
    }
}
