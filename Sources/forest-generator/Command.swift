import ArgumentParser
import ForestGenerator

extension ForestOptions.Topology: ExpressibleByArgument {}

@main
struct Command: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forest-generator",
        abstract: "Writes directories that look like Active Directory forests, as LDIF.",
        discussion:
            "One folder per forest: full.ldif, and the changes after it as 000001.ldif and so on. The same options give the same bytes."
    )

    @Option(help: "The seed that everything follows from.") var seed: UInt64 = 1
    @Option(help: "Users in all forests together.") var users = 1000
    @Option(help: "Groups in all forests together.") var groups = 100
    @Option(help: "Contacts of partners.") var contacts = 50
    @Option(help: "Computers.") var computers = 500
    @Option(help: "How forests, accounts and mailboxes are laid out.") var topology = ForestOptions.Topology.single
    @Option(help: "Files of changes: 1 % deletes, 1 % adds and 5 % modifications each.") var changes = 0
    @Option(help: "The folder to write into; it is created.") var output: String

    func validate() throws {
        for (name, count) in [
            ("users", users), ("groups", groups), ("contacts", contacts), ("computers", computers),
            ("changes", changes),
        ] where count < 0 || count > 10_000_000 {
            throw ValidationError("--\(name) must be between 0 and 10000000, found \(count)")
        }
    }

    func run() throws {
        let options = ForestOptions(
            seed: seed, users: users, groups: groups, contacts: contacts, computers: computers, topology: topology,
            changes: changes)
        for (forest, objects) in try options.write(to: output) {
            print("\(output)/\(forest)/full.ldif: \(objects) objects")
        }
    }
}
