import ForestGenerator
import Foundation
import SyncEngine
import TestSupport
import Testing

@Suite struct ForestTests {
    private func options(_ topology: ForestOptions.Topology, users: Int = 200, changes: Int = 0) -> ForestOptions {
        ForestOptions(
            seed: 7, users: users, groups: users / 10, contacts: users / 20, computers: users / 4, topology: topology,
            changes: changes)
    }

    private func files(_ folder: URL) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where path.hasSuffix(".ldif") {
            files[path] = try bytes(of: folder.appending(path: path).path)
        }
        return files
    }

    @Test(arguments: ForestOptions.Topology.allCases)
    func `the same seed gives the same bytes, another seed others`(topology: ForestOptions.Topology) throws {
        try withTemporaryFolder { folder in
            var other = options(topology, changes: 2)
            try other.write(to: folder.appending(path: "one").path)
            try other.write(to: folder.appending(path: "two").path)
            other.seed = 8
            try other.write(to: folder.appending(path: "three").path)
            let one = try files(folder.appending(path: "one"))
            #expect(try files(folder.appending(path: "two")) == one)
            #expect(try files(folder.appending(path: "three")) != one)
            #expect(one.count == other.forests.count * 3)
        }
    }

    @Test func `group sizes are heavy-tailed: most are small and a few are large`() throws {
        try withTemporaryFolder { folder in
            let options = ForestOptions(seed: 3, users: 2000, groups: 300)
            try options.write(to: folder.path)
            let reader = try LDIFReader.open(folder.appending(path: "corp/full.ldif").path)
            var sizes: [Int] = []
            while let record = try reader.next() {
                guard case .entry(let attributes) = record.content, record.dn.contains("OU=Groups,") else { continue }
                let members = attributes.first { $0.name == "member" }?.values ?? []
                #expect(Set(members).count == members.count)
                if attributes.contains(where: { $0.name == "cn" }) { sizes.append(members.count) }
            }
            sizes.sort()
            #expect(sizes.count == 300)
            #expect(sizes[150] < 10)
            #expect(sizes[299] > 100)
        }
    }

    /// Everything that the forests of a topology make pending, after importing them in this order.
    private func pending(_ topology: ForestOptions.Topology, reversed: Bool) throws -> [String: Int] {
        try withTemporaryFolder { folder in
            let options = options(topology)
            try options.write(to: folder.path)
            let names = options.forests.map(\.name)
            let bench = try Bench(forests: names, joiningOnMail: topology == .galsync)
            for name in reversed ? names.reversed() : names {
                let path = folder.appending(path: "\(name)/full.ldif").path
                let summary = try bench.imports(name, LDIFReader.open(path))
                #expect(summary.errors.isEmpty)
                try bench.synchronize(.delta, only: [name])
            }
            var all: [String: Int] = [:]
            for export in try bench.pending() {
                let content = export.changes.sorted { $0.attribute < $1.attribute }.map { change in
                    let values = change.added.map { String(decoding: $0, as: UTF8.self) }.sorted()
                    return "\(change.attribute)=\(values.joined(separator: "|"))"
                }
                all["\(export.operation) \(export.type) \(export.dn) \(content.joined(separator: ";"))", default: 0] +=
                    1
            }
            return all
        }
    }

    @Test(arguments: [ForestOptions.Topology.accountResource, .galsync])
    func `two forests give the same cloud in whatever order they are imported`(topology: ForestOptions.Topology) throws
    {
        let forward = try pending(topology, reversed: false)
        #expect(forward.count > 200)
        #expect(try pending(topology, reversed: true) == forward)
    }

    @Test func `five thousand objects: counts by hand, changes stay in step with a full synchronization`() throws {
        try withTemporaryFolder { folder in
            let options = ForestOptions(
                seed: 11, users: 3500, groups: 400, contacts: 100, computers: 1000, changes: 2)
            try options.write(to: folder.path)
            let bench = try Bench()
            let place = folder.appending(path: "corp").path
            let summary = try bench.imports("corp", LDIFReader.open("\(place)/full.ldif"))
            // Users, groups, contacts and computers; the domain, a container, five units and one per department.
            #expect(summary.adds == 3500 + 400 + 100 + 1000 + 17)
            let run = try bench.synchronize(.full)
            #expect(run.flatMap(\.errors).isEmpty)
            var counts: [String: Int] = [:]
            for export in try bench.pending() { counts["\(export.operation) \(export.type)", default: 0] += 1 }
            #expect(counts["add user"] == 3500)
            #expect(counts["add group"] == 400)
            #expect(counts["add contact"] == 100)
            let devices = try #require(counts["add device"])
            #expect((600...800).contains(devices))
            try bench.exportAndConfirm()
            #expect(try bench.pending().isEmpty)

            var (added, deletedUsers): (Set<String>, Int) = ([], 0)
            for number in ["000001", "000002"] {
                let reader = try LDIFReader.open("\(place)/\(number).ldif")
                while let record = try reader.next() {
                    if case .change(.add) = record.content { added.insert(record.dn) }
                    // Who came and went between two exports never was in the cloud.
                    guard record.content == .change(.delete), record.dn.contains("OU=People") else { continue }
                    if !added.contains(record.dn) { deletedUsers += 1 }
                }
                let changes = try bench.imports("corp", LDIFReader.open("\(place)/\(number).ldif"), full: false)
                #expect(changes.errors.isEmpty)
                #expect(changes.adds == 35 + 1 + 10)
                #expect(changes.deletes == 35 + 1 + 10)
                try bench.synchronize(.delta)
            }
            let afterDelta = try bench.pendingLines()
            #expect(afterDelta.count { $0.hasPrefix("delete user") } == deletedUsers)
            #expect((60...70).contains(deletedUsers))
            try bench.synchronize(.full)
            #expect(try bench.pendingLines() == afterDelta)
        }
    }

    @Test(arguments: [
        (ForestOptions(seed: 1, users: -1), "users must be between 0 and 10000000, found -1"),
        (
            ForestOptions(seed: 1, users: 10, topology: .mixed, forestCount: 2),
            "the topology mixed has 3 to 4 forests, found 2"
        ),
        (
            ForestOptions(seed: 1, users: 10, largestGroup: 11),
            "the largest group can have as many members as there are users (10), found 11"
        ),
        (
            ForestOptions(seed: 1, users: 10, rates: ForestOptions.Rates(deletes: 101)),
            "the rate of deletes must be between 0 and 100 percent, found 101.0"
        ),
    ])
    func `options that cannot be generated are refused by name`(options: ForestOptions, problem: String) {
        #expect(options.problem == problem)
    }

    private struct Entry {
        let dn: String
        let attributes: [String: [[UInt8]]]
        var type: String { attributes["objectClass"]?.last.map { String(decoding: $0, as: UTF8.self) } ?? "" }
        func texts(_ name: String) -> [String] { attributes[name]?.map { String(decoding: $0, as: UTF8.self) } ?? [] }
    }

    private func entries(_ folder: URL, _ forest: String) throws -> [Entry] {
        let reader = try LDIFReader.open(folder.appending(path: "\(forest)/full.ldif").path)
        var entries: [Entry] = []
        while let record = try reader.next() {
            guard case .entry(let attributes) = record.content else { continue }
            entries.append(
                Entry(
                    dn: record.dn,
                    attributes: Dictionary(uniqueKeysWithValues: attributes.map { ($0.name, $0.values) })))
        }
        return entries
    }

    @Test(arguments: ForestOptions.Topology.allCases)
    func `in every varied forest names, GUIDs and SIDs are unique, and members and managers exist`(
        topology: ForestOptions.Topology
    ) throws {
        try withTemporaryFolder { folder in
            var options = options(topology)
            options.isVaried = true
            try options.write(to: folder.path)
            for forest in options.forests {
                let entries = try entries(folder, forest.name)
                let names = Set(entries.map { $0.dn.lowercased() })
                #expect(names.count == entries.count)
                #expect(Set(entries.compactMap { $0.attributes["objectGUID"]?.first }).count == entries.count)
                let sids = entries.compactMap { $0.attributes["objectSid"]?.first }
                #expect(Set(sids).count == sids.count)
                for entry in entries {
                    for name in entry.texts("member") + entry.texts("manager") + entry.texts("managedBy") {
                        #expect(names.contains(name.lowercased()), "\(entry.dn) refers to \(name)")
                    }
                    if let comma = entry.dn.firstIndex(of: ","), entry.dn != entries[0].dn {
                        #expect(names.contains(entry.dn[comma...].dropFirst().lowercased()), "\(entry.dn)")
                    }
                }
            }
        }
    }

    @Test func `the mixed topology has one object per person and forest, linked by address or security identifier`()
        throws
    {
        try withTemporaryFolder { folder in
            let options = ForestOptions(seed: 5, users: 60, groups: 9, topology: .mixed, isVaried: true)
            try options.write(to: folder.path)
            let (north, south, resource) = (
                try entries(folder, "north"), try entries(folder, "south"), try entries(folder, "resource")
            )
            let owners = Dictionary(
                uniqueKeysWithValues: north.filter { $0.dn.contains("OU=People") }.compactMap { entry in
                    entry.attributes["objectSid"]?.first.map { ($0, entry.texts("mail").first ?? "") }
                })
            #expect(owners.count == 30)
            let mailboxes = resource.filter { $0.texts("msExchRecipientTypeDetails") == ["2"] }
            #expect(mailboxes.count == 24)
            for mailbox in mailboxes {
                let sid = try #require(mailbox.attributes["msExchMasterAccountSid"]?.first)
                #expect(owners[sid].map { [$0] } == mailbox.texts("mail"))
                #expect(mailbox.texts("userAccountControl") == ["514"])
            }
            // In the neighbour forest four of five are contacts and the fifth is a foreign security principal.
            let contacts = south.filter {
                $0.type == "contact" && owners.values.contains($0.texts("mail").first ?? "-")
            }
            let principals = south.filter { $0.type == "foreignSecurityPrincipal" }
            #expect(contacts.count == 24)
            #expect(principals.count == 6)
            for principal in principals {
                let sid = try #require(principal.attributes["objectSid"]?.first)
                let mail = try #require(owners[sid])
                #expect(!contacts.contains { $0.texts("mail") == [mail] })
            }
        }
    }

    @Test func `the largest group has as many members as asked for`() throws {
        try withTemporaryFolder { folder in
            let options = ForestOptions(seed: 5, users: 500, groups: 3, largestGroup: 499)
            try options.write(to: folder.path)
            let group = try #require(try entries(folder, "corp").first { $0.texts("sAMAccountName") == ["g0"] })
            #expect(group.texts("member").count == 499)
        }
    }

    @Test(arguments: [ForestOptions.Topology.galsync, .trusted, .mixed, .single])
    func `varied changes apply without an error, and rates of zero change nothing`(topology: ForestOptions.Topology)
        throws
    {
        try withTemporaryFolder { folder in
            var options = options(topology, changes: 4)
            options.isVaried = true
            options.rates = ForestOptions.Rates(deletes: 2, adds: 3, updates: 30)
            try options.write(to: folder.path)
            let names = options.forests.map(\.name)
            let bench = try Bench(forests: names)
            var renames = 0
            for name in names {
                let place = folder.appending(path: name).path
                #expect(try bench.imports(name, LDIFReader.open("\(place)/full.ldif")).errors.isEmpty)
                for number in 1...4 {
                    let summary = try bench.imports(
                        name, LDIFReader.open("\(place)/00000\(number).ldif"), full: false)
                    #expect(summary.errors.isEmpty)
                    renames += summary.renames
                }
            }
            #expect(renames > 0)
            options.rates = ForestOptions.Rates(deletes: 0, adds: 0, updates: 0)
            try options.write(to: folder.appending(path: "none").path)
            #expect(
                !FileManager.default.fileExists(atPath: folder.appending(path: "none/\(names[0])/000001.ldif").path))
        }
    }
}
