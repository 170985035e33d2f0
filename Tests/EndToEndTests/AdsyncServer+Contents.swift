import Foundation
import TestSupport

/// What tests of upgrades ask an adsync server for.
extension AdsyncServer {
    struct Rule: Equatable {
        let origin: String
        let digest: String
        let isDisabled: Bool
    }

    func rules() throws -> [String: Rule] {
        let list = try adsync("rule", "list")["rules"] as? [[String: Any]] ?? []
        let pairs = list.compactMap { fields -> (String, Rule)? in
            guard let id = fields["id"] as? String, let origin = fields["origin"] as? String,
                let digest = fields["digest"] as? String, let isDisabled = fields["disabled"] as? Bool
            else { return nil }
            return (id, Rule(origin: origin, digest: digest, isDisabled: isDisabled))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// The whole id of a standard rule: the release's and the connector's.
    func rule(_ template: String) throws -> String {
        guard let id = try rules().keys.first(where: { $0.hasPrefix("\(template)@") }) else {
            throw HarnessError("there is no rule \(template)")
        }
        return id
    }

    /// Adds a rule of the administrator's own, which gives everybody a title. Returns its id.
    func addCustomRule() throws -> String {
        let list = try adsync("connector", "list")["connectors"] as? [[String: Any]] ?? []
        guard let connector = list.first(where: { $0["kind"] as? String == "ad" })?["id"] as? String else {
            throw HarnessError("there is no connector of a forest")
        }
        let rule: [String: Any] = [
            "id": "custom-title", "name": "Title", "direction": "inbound", "connector": connector,
            "connectorObjectType": "user", "metaverseObjectType": "person", "linkType": "join", "precedence": 10,
            "flows": [["target": "title", "constant": "Chosen by a custom rule"]],
        ]
        let file = folder.appending(path: "rule.json")
        try JSONSerialization.data(withJSONObject: rule).write(to: file)
        try adsync("rule", "add", file.path)
        return "custom-title"
    }

    func healthAgent() throws -> (version: String, registration: String) {
        guard let agent = try adsync("facts")["healthAgent"] as? [String: Any],
            let version = agent["version"] as? String, let registration = agent["registration"] as? String
        else { throw HarnessError("facts name no health agent") }
        return (version, registration)
    }

    func measures() throws -> [String: Int] { try adsync("health")["measures"] as? [String: Int] ?? [:] }

    /// What the last attempt's rehearsal counted, as `device delete`.
    func rehearsedChanges() throws -> [String: Int] {
        let file = attempts.appending(path: "\(attemptNames().last ?? "")/rehearsal.json")
        let report = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        let changes = report?["changes"] as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: changes.map { change in
                let (type, operation) = (change["objectType"] as? String ?? "", change["operation"] as? String ?? "")
                return ("\(type) \(operation)", change["count"] as? Int ?? 0)
            })
    }
}
