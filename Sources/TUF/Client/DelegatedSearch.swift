import Crypto

/// Who is asked for a target path, in which order (specification, 4.5 and 5.6.7).
extension Delegations {
    /// The roles that may speak for a path, in order. After one that terminates nobody else is asked.
    func roles(for path: String) -> (names: [RoleName], terminates: Bool) {
        switch roles {
        case .succinct(let succinct): return ([succinct.role(for: path)], true)
        case .named(let named):
            var names: [RoleName] = []
            for role in named where role.paths.contains(path) {
                names.append(role.name)
                if role.isTerminating { return (names, true) }
            }
            return (names, false)
        }
    }
}

extension DelegatedPaths {
    public func contains(_ path: String) -> Bool {
        switch self {
        case .patterns(let patterns): return patterns.contains { PathPattern($0).matches(path) }
        case .hashPrefixes(let prefixes):
            let digest = Hexadecimal.text(SHA256.hash(data: Array(path.utf8)))
            return prefixes.contains { digest.utf8.starts(with: $0.utf8) }
        }
    }
}

extension SuccinctRoles {
    /// The one role that speaks for a path: the first bits of the path's digest are its number.
    public func role(for path: String) -> RoleName {
        let first = SHA256.hash(data: Array(path.utf8)).prefix(4).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return name(first >> UInt64(32 - bitLength))
    }

    /// Whether the name is one of theirs.
    func contains(_ role: RoleName) -> Bool {
        guard let digits = role.text.split(separator: "-", omittingEmptySubsequences: false).last,
            let number = UInt64(digits, radix: 16), number >> UInt64(bitLength) == 0
        else { return false }
        return name(number) == role
    }

    /// As many digits as the greatest number has.
    private func name(_ number: UInt64) -> RoleName {
        let digits = String(number, radix: 16)
        let count = String((1 as UInt64) << UInt64(bitLength) - 1, radix: 16).utf8.count
        return RoleName("\(namePrefix)-\(String(repeating: "0", count: count - digits.utf8.count))\(digits)")
    }
}
