import Documents

/// What a new root changes of the one before it.
public struct RootChanges: Equatable, Sendable {
    public var added: [(role: RoleName, key: PublicKey)] = []
    /// By the key's identifier or its beginning.
    public var removed: [(role: RoleName, key: String)] = []
    public var thresholds: [RoleName: Int] = [:]

    public init() {}

    public static func == (left: RootChanges, right: RootChanges) -> Bool {
        left.added.elementsEqual(right.added, by: ==) && left.removed.elementsEqual(right.removed, by: ==)
            && left.thresholds == right.thresholds
    }

    /// The next root. Keys that no role has any more are left out of it.
    ///
    /// - Parameter file: how errors name the root.
    func apply(to old: RootMetadata, expires: WallTime, file: String) throws(PublishingError) -> RootMetadata {
        func failure(_ problem: String) -> PublishingError { .repository(file: file, problem: problem) }
        var next = old
        next.version += 1
        next.expires = expires
        for (role, key) in added {
            let known = next.roles[role]?.keyIds.compactMap { next.keys[$0] } ?? []
            if known.contains(where: { $0.isSameKey(as: key) }) {
                throw failure("the key \(key.id.prefix(12)) signs for the role \(role) already")
            }
            next.keys[key.id] = key
            next.roles[role]?.keyIds.append(key.id)
        }
        for (role, beginning) in removed {
            let found = (next.roles[role]?.keyIds ?? []).filter { $0.hasPrefix(beginning) }
            guard found.count == 1, let id = found.first, !beginning.isEmpty else {
                let all = (next.roles[role]?.keyIds ?? []).map { String($0.prefix(12)) }.joined(separator: ", ")
                throw failure("expected one key of the role \(role) that begins with \(beginning); it has \(all)")
            }
            next.roles[role]?.keyIds.removeAll { $0 == id }
        }
        for (role, threshold) in thresholds { next.roles[role]?.threshold = threshold }
        let used = Set(next.roles.values.flatMap(\.keyIds))
        next.keys = next.keys.filter { used.contains($0.key) }
        try next.checkThresholds(file: file)
        return next
    }
}

extension RootMetadata {
    /// No role may ask for more signatures than it has keys: nobody could ever sign it.
    func checkThresholds(file: String) throws(PublishingError) {
        for role in RoleName.topLevel {
            guard let keys = roles[role] else { continue }
            let distinct = Set(keys.keyIds.compactMap { self.keys[$0]?.value }).count
            if keys.threshold < 1 || keys.threshold > distinct {
                throw .repository(
                    file: file,
                    problem: "the role \(role) would have \(distinct) key(s) and the threshold \(keys.threshold): "
                        + "expected 1 to as many as it has keys")
            }
        }
    }
}
