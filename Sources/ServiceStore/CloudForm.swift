import SyncConfiguration
import SyncEngine

import struct Foundation.Data

/// Objects of the cloud directory in the engine's form and back. The directory keeps texts; a value that is none, or that
/// looks like one that is none, is written in Base64 behind a mark, so that every value comes back as it went.
enum CloudForm {
    private static let mark = "base64:"

    static func entry(_ object: CloudObject) -> ImportedEntry {
        var attributes = object.attributes.sorted { $0.key < $1.key }.map { name, values in
            LDIFAttribute(name, values.map(bytes))
        }
        attributes.append(LDIFAttribute(ConnectorKind.cloud.anchorAttribute, object.anchor))
        return ImportedEntry(dn: object.dn, type: object.type, attributes: attributes)
    }

    static func operation(_ export: PendingExport) -> CloudOperation {
        let kind: CloudOperation.Kind =
            switch export.operation {
            case .add: .add
            case .update: .update
            case .delete: .delete
            }
        let changes = export.changes.map { change in
            CloudOperation.Change(
                attribute: change.attribute, removed: change.removed.map(text), added: change.added.map(text))
        }
        return CloudOperation(kind: kind, type: export.type, dn: export.dn, changes: changes)
    }

    static func text(_ value: [UInt8]) -> String {
        if let text = String(validating: value, as: UTF8.self), !text.hasPrefix(mark) { return text }
        return mark + Data(value).base64EncodedString()
    }

    static func bytes(_ text: String) -> [UInt8] {
        guard text.hasPrefix(mark), let value = Data(base64Encoded: String(text.dropFirst(mark.count))) else {
            return Array(text.utf8)
        }
        return [UInt8](value)
    }
}
