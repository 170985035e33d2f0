import Documents
import TUF

/// What `trust show` knows of a repository; as a document, `published-trust/1`.
struct TrustReport {
    let current: CurrentMetadata?
    let pending: RootStatus?
    let now: WallTime

    init(of writer: RepositoryWriter, now: WallTime) throws(PublishingError) {
        current = try writer.metadata.current()
        pending = try writer.pendingRoot()
        self.now = now
    }

    // MARK: As a document

    var json: JSONValue {
        var all: [String: JSONValue] = ["schema": "published-trust/1"]
        if let current {
            all["root"] = Self.json(current.root.content)
            all["validity"] = .array(
                current.validity.map { role, version, expires in
                    [
                        "role": .string(role.text), "version": JSONValue(version),
                        "expires": .string(expires.description), "expired": .bool(expires <= now),
                    ]
                })
        }
        if let pending {
            all["pending"] = [
                "root": Self.json(pending.root.content),
                "missing": .array(
                    pending.missing.map { missing in
                        [
                            "rootVersion": JSONValue(missing.rootVersion), "count": JSONValue(missing.count),
                            "signers": .array(missing.signers.map { .string($0) }),
                        ]
                    }),
            ]
        }
        return .object(all)
    }

    private static func json(_ root: RootMetadata) -> JSONValue {
        let roles = root.roles.map { role, keys in
            (
                role.text,
                [
                    "threshold": JSONValue(keys.threshold),
                    "keys": .array(
                        keys.keyIds.map {
                            ["keyId": .string($0), "scheme": root.keys[$0].map { .string($0.scheme) } ?? .null]
                        }),
                ] as JSONValue
            )
        }
        return [
            "version": JSONValue(root.version), "expires": .string(root.expires.description),
            "roles": .object(Dictionary(roles, uniquingKeysWith: { $1 })),
        ]
    }

    // MARK: For people

    var lines: [String] {
        var lines: [String] = []
        if let current {
            lines += Self.lines(current.root.content)
            for (role, version, expires) in current.validity {
                lines.append("\(role) \(version): \(expires <= now ? "EXPIRED at" : "believed until") \(expires)")
            }
        }
        if let pending {
            if current != nil { lines.append("") }
            lines += Self.lines(pending.root.content)
        } else if current == nil {
            lines.append("no root: begin with trust init, or publish with --key")
        }
        return lines
    }

    /// The keys of every role, as a person compares them with what the others have.
    static func lines(_ root: RootMetadata) -> [String] {
        ["root version \(root.version), until \(root.expires)"]
            + RoleName.topLevel.flatMap { role -> [String] in
                guard let keys = root.roles[role] else { return [] }
                return ["  \(role): \(keys.threshold) of \(keys.keyIds.count)"]
                    + keys.keyIds.map { "    \($0) \(root.keys[$0]?.scheme ?? "is missing")" }
            }
    }
}
