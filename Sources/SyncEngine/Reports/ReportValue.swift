import Documents
import SyncConfiguration

/// A value as a report shows it.
public enum ReportValue: Equatable, Sendable {
    case text(String)
    /// Bytes that are no readable text.
    case bytes([UInt8])
    /// A reference: the distinguished name, and what a person calls the object.
    case reference(dn: String, name: String)

    init(_ bytes: [UInt8]) {
        if let text = String(validating: bytes, as: UTF8.self),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\r" && $0 != "\t" })
        {
            self = .text(text)
        } else {
            self = .bytes(bytes)
        }
    }

    public var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .bytes(let bytes): ["base64": .string(Self.base64(bytes))]
        case .reference(let dn, let name): ["dn": .string(dn), "name": .string(name)]
        }
    }

    /// One line for people.
    public var line: String {
        switch self {
        case .text(let text): text.split(whereSeparator: \.isNewline).joined(separator: "⏎")
        case .bytes(let bytes): "base64 \(Self.base64(bytes))"
        case .reference(let dn, let name): name == dn ? dn : "\(name) (\(dn))"
        }
    }

    /// In a table: texts as they are, references by what a person calls them.
    var field: String {
        switch self {
        case .text(let text): text
        case .bytes: line
        case .reference(_, let name): name
        }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        String(decoding: Base64.encode(bytes[...]), as: UTF8.self)
    }
}

extension SynchronizationEngine {
    /// What a person calls an object: the display name of its metaverse object, another name of it, or the first part of its own name.
    public func personalName(ofObject id: UInt32) -> String {
        guard let slot = objects[id] else { return "" }
        let linked = slot.metaverse == 0 ? nil : personalName(metaverse.read(slot.metaverse) { $0.values })
        return linked ?? personalName(slot.imported) ?? DistinguishedName.firstValue(slot.dn)
    }

    /// The same for a metaverse object.
    public func personalName(ofMetaverse id: UInt32) -> String {
        personalName(metaverse.read(id) { $0.values }) ?? "metaverse object \(id)"
    }

    private func personalName(_ blob: ObjectBlob?) -> String? {
        guard let blob else { return nil }
        for name in ["displayName", "userPrincipalName", "mail", "cn", "sAMAccountName", "accountName"] {
            guard let attribute = attributes.known(name), let value = blob.values(attribute).first else { continue }
            return String(decoding: value, as: UTF8.self)
        }
        return nil
    }

    /// Values of an attribute as a report shows them; references are distinguished names already.
    func reported(_ values: [[UInt8]], _ kind: AttributeKind, connector: String?) -> [ReportValue] {
        values.map { value in
            guard kind == .reference else { return ReportValue(value) }
            let dn = String(decoding: value, as: UTF8.self)
            let places = connector.map { id in connectors.indices.filter { connectors[$0].id == id } }
            let found = (places ?? Array(connectors.indices)).lazy.compactMap { self.find(dn: dn, in: $0) }.first
            return .reference(dn: dn, name: found.map(personalName(ofObject:)) ?? DistinguishedName.firstValue(dn))
        }
    }
}

extension DistinguishedName {
    /// The value of the first part: `Ada` of `CN=Ada,OU=People`.
    static func firstValue(_ dn: String) -> String {
        guard let first = parts(dn).first, let equals = first.firstIndex(of: "=") else { return dn }
        return String(first[first.index(after: equals)...])
    }
}
