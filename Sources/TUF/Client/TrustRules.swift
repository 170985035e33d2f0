import Documents

/// The single rules of ``TrustedMetadata``, each with its error.
extension TrustedMetadata {
    static func read<Content>(
        _ bytes: [UInt8], role: RoleName, file: String
    ) throws(TUFError) -> SignedMetadata<Content> {
        do {
            return try SignedMetadata<Content>(bytes: bytes, file: file)
        } catch {
            throw TUFError(.form, role: role, file: file, "\(error.place): \(error.problem)", cause: error)
        }
    }

    static func verify<Content>(
        _ metadata: SignedMetadata<Content>, role: RoleName, file: String, keys: RoleKeys?, _ all: [String: PublicKey]
    ) throws(TUFError) {
        guard let keys else {
            throw TUFError(.signature, role: role, file: file, "nobody names keys for the role \(role)")
        }
        let count = metadata.count(keys, keys: all)
        if !count.isReached {
            throw TUFError(
                .signature, role: role, file: file,
                "expected valid signatures of \(count.needed) different keys, found \(count.signed)")
        }
    }

    func verifyTopLevel<Content>(
        _ metadata: SignedMetadata<Content>, role: RoleName, file: String
    ) throws(TUFError) {
        try Self.verify(metadata, role: role, file: file, keys: root.content.roles[role], root.content.keys)
    }

    func requireFresh(_ content: some RoleContent, role: RoleName, file: String) throws(TUFError) {
        if now < content.expires { return }
        throw TUFError(
            .expired, role: role, file: file, "version \(content.version) expired at \(content.expires), it is \(now)")
    }

    static func refuse(_ problem: String?, role: RoleName, file: String) throws(TUFError) {
        if let problem { throw TUFError(.mixAndMatch, role: role, file: file, problem) }
    }

    static func requireVersion(_ found: Int, _ announced: Int, role: RoleName, file: String) throws(TUFError) {
        if found == announced { return }
        throw TUFError(
            .mixAndMatch, role: role, file: file, "expected the announced version \(announced), found \(found)")
    }

    /// - Parameter other: the role whose version this one announces, where it is not its own.
    static func refuseOlder(
        _ found: Int, than seen: Int, role: RoleName, file: String, about other: RoleName? = nil
    ) throws(TUFError) {
        if found >= seen { return }
        let what = other.map { "\($0) in version" } ?? "version"
        throw TUFError(
            .rollback, role: role, file: file,
            "expected \(what) \(seen) or newer, which was seen before, found \(found)")
    }
}
