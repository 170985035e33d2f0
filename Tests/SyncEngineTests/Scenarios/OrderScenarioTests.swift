import ForestGenerator
import SyncConfiguration
import SyncEngine
import Testing

/// The documents' first rule: whatever the order in which forests are imported, the end is the same.
@Suite struct OrderScenarioTests {
    /// So many seeds in one case, to be spread over the machine's processors.
    private static let seedsPerCase = 10

    private static let parts = 5

    /// A world of several forests that follows from a seed.
    private func options(_ topology: ForestOptions.Topology, _ seed: UInt64) -> ForestOptions {
        ForestOptions(
            seed: seed, users: 12 + Int(seed % 9), groups: 6,
            contacts: topology == .galsync || topology == .mixed ? 4 : 0, computers: 3, topology: topology,
            forestCount: topology == .mixed ? 3 + Int(seed % 2) : 2 + Int(seed % 3), isVaried: true, changes: 2,
            rates: ForestOptions.Rates(deletes: 5, adds: 15, updates: 40))
    }

    /// What an import of every forest in this order, then of their changes shuffled, leaves to be exported. Then everything goes, and
    /// nothing is left of it for the next order.
    private func outcome(
        _ options: ForestOptions, _ scenario: Scenario, order: [Forest], _ random: inout SplitMix
    ) throws -> [String] {
        for forest in order { try scenario.imports(forest.name, forest.dump(), isFull: true) }
        // Each forest's changes stay in their order; whose come next is a matter of chance.
        var waiting = order.map { (name: $0.name, files: $0.changeFiles(among: options.forests)[...]) }
        while !waiting.isEmpty {
            let place = Int.random(in: waiting.indices, using: &random)
            if let file = waiting[place].files.popFirst() {
                try scenario.imports(waiting[place].name, file, isFull: false)
            } else {
                waiting.remove(at: place)
            }
        }
        #expect(scenario.errors.isEmpty)
        scenario.forgetErrors()
        #expect(scenario.sharedAddresses().isEmpty)
        let outcome = scenario.cloud().map(\.description)
        for forest in order { try scenario.imports(forest.name, [], isFull: true) }
        #expect(scenario.engine.metaverseCount == 0)
        #expect(scenario.cloud().isEmpty)
        return outcome
    }

    /// The seeds whose world depends on the order.
    private func dependent(_ topology: ForestOptions.Topology, _ rules: RuleSet, seeds: Range<UInt64>) throws
        -> [UInt64]
    {
        var found: [UInt64] = []
        // To compile the rules takes longer than to run them over so small a world.
        var scenarios: [Int: Scenario] = [:]
        for seed in seeds {
            let options = options(topology, seed)
            var random = SplitMix(state: seed)
            let forests = options.forests
            let scenario = try scenarios[forests.count] ?? Scenario(forests.map(\.name), rules)
            scenarios[forests.count] = scenario
            // The seed says which of the other orders is compared with the first.
            let orders = permutations(forests)
            let other = orders[1 + Int(seed) % (orders.count - 1)]
            let first = try outcome(options, scenario, order: forests, &random)
            #expect(!first.isEmpty)
            if try outcome(options, scenario, order: other, &random) != first { found.append(seed) }
        }
        return found
    }

    @Test(arguments: [ForestOptions.Topology.mixed, .galsync], 0..<parts)
    func `where users join on mail every order of imports has one end`(topology: ForestOptions.Topology, part: Int)
        throws
    {
        let first = UInt64(part * Self.seedsPerCase)
        #expect(
            try dependent(
                topology, .standard(joiningOnMail: true), seeds: first..<first + UInt64(Self.seedsPerCase)) == [])
    }

    @Test(arguments: [ForestOptions.Topology.accountResource, .trusted], 0..<parts)
    func `where there are no contacts of users every order of imports has one end`(
        topology: ForestOptions.Topology, part: Int
    ) throws {
        let first = UInt64(part * Self.seedsPerCase)
        #expect(try dependent(topology, .standard(), seeds: first..<first + UInt64(Self.seedsPerCase)) == [])
    }

    @Test(arguments: [ForestOptions.Topology.mixed, .galsync, .accountResource, .trusted])
    func `the exported rules have one end for every order too`(topology: ForestOptions.Topology) throws {
        let isWithContacts = topology == .mixed || topology == .galsync
        guard let rules = isWithContacts ? RuleSet.exportedJoiningOnMail : .exported else { return }
        #expect(try dependent(topology, rules, seeds: 1000..<1005) == [])
    }

    @Test func `an order defect that is planted into the rules is found`() throws {
        // Every account gives its anchor with the same rank as the enabled ones, so whoever comes first is the anchor for good.
        let defect = RuleSet.standard(joiningOnMail: true).changing("anchors that stay") { rule in
            guard rule.direction == .inbound, rule.metaverseObjectType == "person" else { return }
            for place in rule.flows.indices where rule.flows[place].target == "sourceAnchor" {
                rule.flows[place].isExecuteOnce = true
            }
        }
        var found = 0
        for seed in UInt64(0)..<3 { found += try dependent(.galsync, defect, seeds: seed..<seed + 1).count }
        #expect(found > 0)
    }
}

/// The order of imports follows from the seed too.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
