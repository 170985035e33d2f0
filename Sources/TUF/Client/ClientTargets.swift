extension Client {
    /// Finds what trusted roles say of a target file: the top-level targets first, then the roles that it delegates to, in
    /// order and depth first (specification, 5.6.7). Refreshes first where that was not done.
    public mutating func target(_ path: String) throws(TUFError) -> TargetFileInfo {
        if trusted.targets == nil { try refresh() }
        // Ways to roles; the last is the next to be asked.
        var waiting: [[RoleName]] = [[.targets]]
        var visited: Set<RoleName> = []
        while let chain = waiting.popLast(), let role = chain.last {
            // In a circle, or by another way: it was asked already.
            if visited.contains(role) { continue }
            if visited.count > limits.delegatedRoles {
                throw TUFError(
                    .tooManyDelegations, role: role, file: role.fileName,
                    "the search for \"\(path)\" passed through \(limits.delegatedRoles) delegated roles without an end")
            }
            let metadata = try loadTargets(at: chain)
            if let found = metadata.target(path) { return found }
            visited.insert(role)
            guard let (names, terminates) = metadata.delegations?.roles(for: path) else { continue }
            if terminates { waiting = [] }
            waiting += names.reversed().map { chain + [$0] }
        }
        throw TUFError(
            .unknownTarget, role: .targets, file: RoleName.targets.fileName, "no trusted role names \"\(path)\"")
    }

    /// Under which name the repository has a target file, below the targets' address: with consistent snapshots its digest
    /// stands before the last component (specification, 6.2). As it is spelled, to be escaped for a URL.
    public func targetFileName(_ path: String, _ info: TargetFileInfo) -> String {
        guard trusted.root.content.consistentSnapshot, let digest = info.hashes.naming else { return path }
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "\(digest).\(path)" }
        let start = path.utf8.index(after: slash)
        return "\(path[..<start])\(digest).\(path[start...])"
    }
}
