import Documents

/// How many keys of a role have signed, and how many must (specification, 4.2 and 5.3.4).
public struct ThresholdCount: Equatable, Sendable {
    public let signed: Int
    public let needed: Int

    public var isReached: Bool { signed >= needed }
}

extension SignedMetadata {
    /// Counts the keys of a role that signed this content.
    ///
    /// Keys are counted, not identifiers: a key that is listed under two identifiers is one signer. An identifier need
    /// not follow from its key's content (TAP 12), since nothing here depends on that it does.
    public func count(_ role: RoleKeys, keys: [String: PublicKey]) -> ThresholdCount {
        let message = signed.canonical
        let allowed = Set(role.keyIds)
        var signers: Set<[UInt8]> = []
        for signature in signatures where allowed.contains(signature.keyId) {
            guard let key = keys[signature.keyId].flatMap(VerifyingKey.init),
                let bytes = Hexadecimal.bytes(signature.signature), key.verifies(bytes, of: message)
            else { continue }
            signers.insert(key.material)
        }
        return ThresholdCount(signed: signers.count, needed: role.threshold)
    }
}
