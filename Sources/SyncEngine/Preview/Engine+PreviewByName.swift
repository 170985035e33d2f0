import SyncConfiguration

/// Why a preview cannot be shown.
public enum PreviewError: Error, Equatable, Sendable, CustomStringConvertible {
    case noObject(String)
    case severalObjects(String, [String])

    public var description: String {
        switch self {
        case .noObject(let text):
            "there is no object \"\(text)\": name its distinguished name, userPrincipalName, sAMAccountName or mail"
        case .severalObjects(let text, let places):
            "\"\(text)\" is \(places.count) objects, name one of them by its distinguished name and --connector: "
                + places.joined(separator: "; ")
        }
    }
}

extension SynchronizationEngine {
    /// The connector that a person means: by name or identifier, without case.
    public func connector(named name: String) throws(EvaluationInputError) -> ConnectorDefinition {
        let wanted = name.lowercased()
        let found = connectors.filter { $0.id.lowercased() == wanted || $0.name.lowercased() == wanted }
        guard let only = found.first, found.count == 1 else {
            let known = connectors.map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw EvaluationInputError("there is no connector \"\(name)\"; expected one of \(known), or its identifier")
        }
        return only
    }

    /// Explains the one object that a person means. Changes nothing.
    public func preview(named text: String, connector: String? = nil) throws -> ObjectPreview {
        let place = try connector.map { name throws(EvaluationInputError) in try self.connector(named: name).id }
        let found = objects(named: text, connector: place)
        guard let only = found.first else { throw PreviewError.noObject(text) }
        guard found.count == 1, let preview = preview(object: only) else {
            let places = found.prefix(20).compactMap { object($0) }.map { row in
                "\(row.dn) in \(connectors.first { $0.id == row.connector }?.name ?? row.connector)"
            }
            throw PreviewError.severalObjects(text, places)
        }
        return preview
    }
}
