import Documents
import LinuxHost
import ReleaseContract

/// Compares installed releases with the lists that they were published with.
public struct ReleaseCheck {
    public struct Finding: Equatable, Sendable {
        public let version: ProductVersion
        public let isActive: Bool
        /// Judged by the published list; otherwise by the one in its own folder, which is all there is.
        public let hasOrigin: Bool
        /// The first difference; nil where there is none.
        public let damage: StepFailure?
    }

    let layout: ServerLayout
    let unpacker: any ReleaseUnpacker

    public init(_ installation: Installation) {
        layout = installation.layout
        unpacker = installation.unpacker
    }

    /// Every release on this server, the active one first, then the newest.
    public func all() throws -> [Finding] {
        let active = try activeVersion()
        let others = (try DurableFiles.list(layout.releases) ?? []).compactMap { ProductVersion($0) }
            .filter { $0 != active }.sorted(by: >)
        return try ([active] + others).map { try finding(of: $0, active: active) }
    }

    public func activeRelease() throws -> Finding {
        let active = try activeVersion()
        return try finding(of: active, active: active)
    }

    private func activeVersion() throws -> ProductVersion {
        try InstalledRelease.version(ofGeneration: try InstalledRelease.activeGeneration(layout), layout)
    }

    private func finding(of version: ProductVersion, active: ProductVersion) throws -> Finding {
        let origin = try? ReleaseOrigin.read(version, layout)
        return Finding(
            version: version, isActive: version == active, hasOrigin: origin != nil,
            damage: try damage(of: version, origin))
    }

    private func damage(of version: ProductVersion, _ origin: ReleaseOrigin?) throws -> StepFailure? {
        let folder = layout.release(version)
        do {
            if let origin {
                try unpacker.verify(folder, manifest: origin.manifest, document: origin.document)
                return nil
            }
            let path = "\(folder)/\(ReleaseManifest.fileName)"
            guard let document = try DurableFiles.read(path) else {
                return StepFailure("ReleaseDamaged", "\(path): is missing")
            }
            let manifest = try ReleaseManifest(bytes: document, file: path)
            try unpacker.verify(folder, manifest: manifest, document: document)
            return nil
        } catch let failure as StepFailure where failure.reason == "ReleaseDamaged" {
            return failure
        } catch let error as DocumentError {
            return StepFailure("ReleaseDamaged", error.description)
        }
    }
}

/// What `aadc-upgrade verify` says.
public struct VerifyReport {
    public let findings: [ReleaseCheck.Finding]

    public init(_ findings: [ReleaseCheck.Finding]) { self.findings = findings }

    public var isWhole: Bool { findings.allSatisfy { $0.damage == nil } }

    public var json: JSONValue {
        [
            "schema": "verification/1",
            "releases": .array(
                findings.map { finding in
                    var members: [String: JSONValue] = [
                        "version": .string(finding.version.description), "active": .bool(finding.isActive),
                        "list": .string(finding.hasOrigin ? "published" : "own"), "whole": .bool(finding.damage == nil),
                    ]
                    members["damage"] = (finding.damage?.message).map { .string($0) }
                    return .object(members)
                }),
        ]
    }

    public var text: String {
        findings.map { finding in
            let name = "release \(finding.version)\(finding.isActive ? ", active" : "")"
            if let damage = finding.damage { return "\(name): DAMAGED: \(damage.message)\n" }
            let list = finding.hasOrigin ? "its published list" : "the list in its own folder"
            return "\(name): is what \(list) says\n"
        }.joined()
    }

    /// What to do about it; nil where there is nothing to do.
    public var advice: String? {
        guard let finding = findings.first(where: { $0.damage != nil }) else { return nil }
        return finding.isActive
            ? "run 'aadc-upgrade repair', which restores the active release"
            : "release \(finding.version) is not active; the next upgrade to it fetches it again"
    }
}
