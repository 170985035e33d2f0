import ForestGenerator
import Foundation
import SyncConfiguration
import SyncEngine
import TestSupport
import Testing

/// Over whole forests, what a preview says must be what the synchronization did.
@Suite struct PreviewForestTests {
    @Test(arguments: [RuleSet.standard(1), RuleSet.standard(2), RuleSet.exported].compactMap { $0 })
    func `the winners of every object's preview are the values that it has`(rules: RuleSet) throws {
        try withTemporaryFolder { folder in
            let options = ForestOptions(seed: 11, users: 60, groups: 12, contacts: 8, computers: 6)
            try options.write(to: folder.path)
            let names = options.forests.map(\.name)
            let scenario = try Scenario(names, rules)
            let engine = scenario.engine
            for name in names {
                let reader = try LDIFReader.open(folder.appending(path: "\(name)/full.ldif").path)
                try engine.beginImport(connector: name, full: true)
                while let record = try reader.next() { engine.importRecord(record) }
                _ = engine.finishImport()
            }
            for connector in engine.connectors { try scenario.synchronize(connector.id, .full) }
            var compared = 0
            for name in names {
                try forEachPreview(engine, name) { preview in
                    if !preview.link.hasPrefix("metaverse object") { return }
                    for attribute in preview.attributes where isPlain(attribute) {
                        let winning = attribute.contributions.filter(\.wins).flatMap(\.outcome)
                        #expect(attribute.values.map(\.line) == winning, "\(preview.dn): \(attribute.name)")
                        compared += 1
                    }
                    for target in preview.targets {
                        // A reference is another object's name there.
                        for attribute in target.attributes where isPlain(attribute) && !refers(attribute) {
                            let winning = attribute.contributions.filter(\.wins).flatMap(\.outcome)
                            #expect(attribute.values.map(\.line) == winning, "\(target.dn ?? ""): \(attribute.name)")
                            compared += 1
                        }
                    }
                }
            }
            #expect(compared > 1000)
        }
    }

    private func forEachPreview(
        _ engine: SynchronizationEngine, _ connector: String, _ body: (ObjectPreview) throws -> Void
    ) throws {
        var ids: [UInt32] = []
        engine.forEachObject(connector: connector) { ids.append($0.id) }
        for id in ids { if let preview = engine.preview(object: id) { try body(preview) } }
    }

    /// Nothing stays from before, and nothing failed.
    private func isPlain(_ attribute: ObjectPreview.Attribute) -> Bool {
        !attribute.contributions.contains { [.ignoreThisFlow, .notDue, .error].contains($0.kind) }
    }

    private func refers(_ attribute: ObjectPreview.Attribute) -> Bool {
        attribute.contributions.contains { $0.outcome.contains { $0.contains("DC=") } }
            || attribute.values.contains { if case .reference = $0 { true } else { false } }
    }
}
