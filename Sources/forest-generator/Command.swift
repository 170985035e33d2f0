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
    @Option(help: "How many forests; without it as few as the topology has.") var forests: Int?
    @Flag(
        help: "With built-in and system objects, resources, conflicts, devices, deep folders, renames and promotions.")
    var varied = false
    @Option(help: "Members of the first group.") var largestGroup: Int?
    @Option(help: "Files of changes.") var changes = 0
    @Option(help: "Percent of the objects that a file of changes deletes.") var deletes = 1.0
    @Option(help: "Percent of the objects that a file of changes adds.") var adds = 1.0
    @Option(help: "Percent of the users that a file of changes updates.") var updates = 5.0
    @Option(help: "The folder to write into; it is created.") var output: String

    private var options: ForestOptions {
        ForestOptions(
            seed: seed, users: users, groups: groups, contacts: contacts, computers: computers, topology: topology,
            forestCount: forests, isVaried: varied, largestGroup: largestGroup, changes: changes,
            rates: ForestOptions.Rates(deletes: deletes, adds: adds, updates: updates))
    }

    func validate() throws {
        if let problem = options.problem { throw ValidationError(problem) }
    }

    func run() throws {
        for (forest, objects) in try options.write(to: output) {
            print("\(output)/\(forest)/full.ldif: \(objects) objects")
        }
    }
}
