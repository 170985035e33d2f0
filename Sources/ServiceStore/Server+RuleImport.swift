import Documents
import GRDB
import LinuxHost
import SyncConfiguration
import SyncEngine

extension Server {
    /// Takes in the custom rules of another server: an export folder, one rule's file of it, or a script of the rules editor.
    ///
    /// All of them or none. Standard rules are not taken, because this release brings its own; the answer names them.
    ///
    /// - Parameters:
    ///   - path: The folder or file.
    ///   - connectors: Which connector here (by name or identifier) takes the place of which one there.
    public func importRules(path: String, connectors: [String: String]) throws -> JSONValue {
        let source = try RuleImport(path: path)
        let custom = source.rules.filter(\.isCustom)
        guard !custom.isEmpty else {
            throw ServiceError(
                .usage, "\(path): there is no custom rule in it, only \(source.rules.count) standard ones")
        }
        var imported: [SynchronizationRule] = []
        try operate("rule import") {
            try open().write { db in
                let local = try Connectors.all(db)
                let known = try RuleStore.all(db)
                for var rule in custom {
                    rule.connector = try source.connector(of: rule, named: connectors, among: local).id
                    guard rule.precedence < RuleTemplates.firstStandardPrecedence else {
                        throw ServiceError(
                            .usage,
                            "\(path): rule \"\(rule.name)\": precedence: expected less than \(RuleTemplates.firstStandardPrecedence) for a custom rule, found \(rule.precedence)"
                        )
                    }
                    if known.contains(where: { $0.rule.id == rule.id && $0.origin == .standard }) {
                        throw ServiceError(.usage, "\(path): rule \"\(rule.name)\" has the id of a standard rule")
                    }
                    try RuleStore.save(db, StoredRule(rule: rule, origin: .custom))
                    imported.append(rule)
                }
                // Rules that do not fit together are refused here, not in the next cycle.
                do {
                    _ = try SynchronizationEngine(
                        connectors: local.map(\.definition), rules: try RuleStore.all(db).map(\.rule),
                        today: clock.now())
                } catch let error as EngineError {
                    throw ServiceError(.usage, "\(path): \(error)")
                }
                for connector in Set(imported.map(\.connector)) {
                    try Override.require(
                        db, .fullSynchronization, connector: connector, reason: "rules were imported")
                }
            }
        }
        return [
            "schema": "rule-import/1", "imported": .array(imported.map { .string($0.name) }),
            "standard": .array(source.rules.filter { !$0.isCustom }.map { .string($0.name) }),
        ]
    }
}

/// Rules from another server, and the connectors that they speak of.
private struct RuleImport {
    let path: String
    let rules: [SynchronizationRule]
    private let foreign: [SyncConfiguration.Connector]

    init(path: String) throws {
        self.path = path
        if try DurableFiles.kind(path) == .folder {
            let configuration = try ExportFolder(path: path).read()
            rules = configuration.rules
            foreign = configuration.connectors
            return
        }
        guard let bytes = try DurableFiles.read(path) else {
            throw ServiceError(
                .usage, "\(path): there is no such file; name an export folder, a rule's file or a script")
        }
        foreign = []
        if path.lowercased().hasSuffix(".xml") {
            rules = [try SynchronizationRule(exported: bytes, file: path)]
        } else if let text = String(validating: bytes, as: UTF8.self) {
            rules = try RuleScript.read(text: text, file: path)
        } else {
            throw ServiceError(.usage, "\(path): expected a script in UTF-8, found other bytes")
        }
    }

    /// The connector here that stands for a rule's: the one that was named for it, the same one, one of the same name, or the cloud's.
    func connector(of rule: SynchronizationRule, named: [String: String], among local: [Connector]) throws -> Connector
    {
        let there = foreign.first { $0.id == rule.connector }
        let words = [rule.connector, there?.name ?? ""].map { $0.lowercased() }
        if let wanted = named.first(where: { words.contains($0.key.lowercased()) })?.value.lowercased() {
            if let found = local.first(where: { $0.id.lowercased() == wanted || $0.name.lowercased() == wanted }) {
                return found
            }
        } else if let same = local.first(where: { $0.id == rule.connector }) {
            return same
        } else if let there, let same = local.first(where: { $0.name.lowercased() == there.name.lowercased() }) {
            return same
        } else if rule.connector == SyncConfiguration.Connector.cloudIdentifier || there?.kind == .cloud,
            let cloud = local.first(where: { $0.kind == .cloud })
        {
            return cloud
        }
        let here = local.map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw ServiceError(
            .usage,
            "\(path): rule \"\(rule.name)\" is for the connector \(there.map { "\"\($0.name)\"" } ?? rule.connector), which is not here; say --connector \(rule.connector)=NAME with one of \(here)"
        )
    }
}
