import LinuxHost

extension RepositoryWriter {
    /// Removes metadata and target files that the newest publication does not name, and what a killed publisher left.
    ///
    /// Roots stay: a client that was away for long needs each of them. A client that is fetching at this moment by the
    /// publication before may find a file gone; it begins again.
    ///
    /// - Returns: what was removed, below the repository's folder.
    @discardableResult
    public func prune() throws(PublishingError) -> [String] {
        try metadata.locked {
            guard let current = try metadata.current(), let targets = current.targets, let snapshot = current.snapshot
            else {
                throw PublishingError.repository(file: metadata.path, problem: "has no publication: publish first")
            }
            // Everything is read before anything is removed.
            var files: Set<String> = [
                "snapshot.json", "\(RoleName.snapshot.remoteFile(version: snapshot.content.version))",
            ]
            var stored = Self.storedPaths(targets.content)
            for (role, info) in snapshot.content.files {
                files.insert(role.remoteFile(version: info.version))
                if role == .targets { continue }
                let path = "\(metadata.path)/\(role.remoteFile(version: info.version))"
                let delegated: SignedMetadata<TargetsMetadata> = try metadata.read(path, version: info.version)
                stored.formUnion(Self.storedPaths(delegated.content))
            }
            var doomed = try (DurableFiles.list(folder) ?? []).filter(Self.isLeftover)
            for name in try DurableFiles.list(metadata.path) ?? []
            where Self.isLeftover(name) || Self.isVersioned(name) && !files.contains(name) {
                doomed.append("metadata/\(name)")
            }
            try collect("targets", keeping: stored, into: &doomed)
            for path in doomed { try DurableFiles.remove("\(folder)/\(path)") }
            return doomed
        }
    }

    private static func storedPaths(_ targets: TargetsMetadata) -> Set<String> {
        Set(
            targets.targets.flatMap { path, info in
                info.hashes.values.values.map { "targets/" + TargetFolder.storedPath(path, digest: $0) }
            })
    }

    private func collect(_ inner: String, keeping stored: Set<String>, into doomed: inout [String]) throws {
        for name in try DurableFiles.list("\(folder)/\(inner)") ?? [] {
            let path = "\(inner)/\(name)"
            if try DurableFiles.kind("\(folder)/\(path)") == .folder {
                try collect(path, keeping: stored, into: &doomed)
            } else if Self.isLeftover(name) || Self.hasDigest(name) && !stored.contains(path) {
                doomed.append(path)
            }
        }
    }

    /// `7.targets.json`, and no root.
    private static func isVersioned(_ name: String) -> Bool {
        guard let dot = name.firstIndex(of: "."), Int(name[..<dot]) != nil, name.hasSuffix(".json") else {
            return false
        }
        return name[dot...] != ".root.json"
    }

    /// `<name>.<process>.new`, of a publisher that was killed.
    private static func isLeftover(_ name: String) -> Bool {
        let parts = name.split(separator: ".")
        return parts.count > 2 && parts.last == "new" && Int(parts[parts.count - 2]) != nil
    }

    /// Whether a name begins with a SHA-256 or SHA-512 digest. Anything else that lies here is somebody else's.
    private static func hasDigest(_ name: String) -> Bool {
        let digits = name.prefix { $0.isHexDigit }.utf8.count
        return (digits == 64 || digits == 128) && name.dropFirst(digits).hasPrefix(".")
    }
}
