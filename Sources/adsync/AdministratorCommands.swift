import ArgumentParser
import Documents
import ServiceStore

struct Initialize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Makes a new server with this release.",
        discussion: """
            The release lies unpacked in opt/adsync/releases/<version> below the root already. Example:
              $ adsync init --connector contoso.example=/srv/contoso --cloud /srv/cloud
            """)
    @OptionGroup var common: CommonOptions
    @Option(help: "NAME=FOLDER of a directory with full.ldif and numbered change files; may be repeated.")
    var connector: [String] = []
    @Option(help: "The folder of the cloud directory, outside of the root; made where it is missing.")
    var cloud: String
    @Option(help: "The time between cycles, such as 00:30:00.") var interval: String?
    @Option(help: "NAME=VALUE of another parameter; may be repeated.") var parameter: [String] = []
    @Flag(help: "Import and synchronize, and export nothing.") var staging = false

    func run() throws {
        try common.answer("init") { server in
            var parameters: [String: String] = [:]
            for text in parameter {
                guard let equals = text.firstIndex(of: "=") else {
                    throw ServiceError(.usage, "--parameter \(text): expected NAME=VALUE")
                }
                parameters[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            if let interval { parameters[Parameter.timeInterval] = interval }
            if staging { parameters[Parameter.staging] = "True" }
            var connectors = try connector.map(NewServer.directory)
            connectors.append(NewServer.cloud(folder: try CommonOptions.absolute(cloud)))
            return try server.initialize(NewServer(connectors: connectors, parameters: parameters))
        }
    }
}

struct RunCycle: ParsableCommand {
    enum Policy: String, ExpressibleByArgument, CaseIterable {
        case delta, initial

        var policy: CyclePolicy { self == .delta ? .delta : .initial }
    }

    static let configuration = CommandConfiguration(commandName: "cycle", abstract: "Runs one cycle now.")
    @OptionGroup var common: CommonOptions
    @Option(help: "What the scheduler would do, unless named here.") var policy: Policy?

    func run() throws {
        let stop = StopSignals()
        try common.answer("cycle") { try $0.cycle(policy: policy?.policy, shouldStop: { stop.isPending }) }
    }
}

struct SchedulerCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scheduler", abstract: "The scheduler's settings.", subcommands: [Get.self, Set.self])

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "get", abstract: "Shows them.")
        @OptionGroup var common: CommonOptions

        func run() throws { try common.answer("scheduler get") { try $0.scheduler() } }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "set", abstract: "Changes them.")
        @OptionGroup var common: CommonOptions
        @Option(help: "Whether cycles run: true or false.") var enabled: Bool?
        @Option(help: "The time between cycles, such as 00:30:00.") var interval: String?
        @Option(help: "The next cycle: delta or initial.") var policy: RunCycle.Policy?
        @Option(help: "Whether maintenance runs: true or false.") var maintenance: Bool?
        @Option(help: "How long the history of runs is kept, such as 7.00:00:00.") var purge: String?
        @Option(help: "Staging mode: true or false.") var staging: Bool?

        func run() throws {
            try common.answer("scheduler set") { server in
                var changes: [String: String] = [:]
                changes[Parameter.cycleEnabled] = enabled.map(word)
                changes[Parameter.timeInterval] = interval
                changes[Parameter.policy] = policy?.policy.rawValue
                changes[Parameter.maintenanceEnabled] = maintenance.map(word)
                changes[Parameter.purgeInterval] = purge
                changes[Parameter.staging] = staging.map(word)
                try server.change(changes)
                return try server.scheduler()
            }
        }

        private func word(_ flag: Bool) -> String { flag ? "True" : "False" }
    }
}

struct ConnectorCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connector", abstract: "The connected directories.", subcommands: [List.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Shows them.")
        @OptionGroup var common: CommonOptions

        func run() throws { try common.answer("connector list") { try $0.connectorList() } }
    }
}

struct RuleCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rule", abstract: "The synchronization rules.",
        subcommands: [List.self, Add.self, Import.self, Remove.self, Enable.self, Disable.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Shows them.")
        @OptionGroup var common: CommonOptions

        func run() throws { try common.answer("rule list") { try $0.ruleList() } }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "add", abstract: "Adds or replaces a custom rule.")
        @OptionGroup var common: CommonOptions
        @Argument(help: "A file with the rule in JSON.") var file: String

        func run() throws { try common.answer("rule add") { try $0.addRule(file: try CommonOptions.absolute(file)) } }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Takes in the custom rules of another server.",
            discussion: """
                PATH is the folder of Get-ADSyncServerConfiguration or of export-config, one rule's file of it, or the script
                that the rules editor exports. All rules are taken, or none. Example:
                  $ adsync rule import /srv/export --connector contoso.com=contoso.example
                """)
        @OptionGroup var common: CommonOptions
        @Argument(help: "An export folder, a rule's file (.xml) or a script (.ps1).") var path: String
        @Option(help: "THERE=HERE: which connector takes the place of the rules' own; may be repeated.")
        var connector: [String] = []

        func run() throws {
            try common.answer("rule import") { server in
                var connectors: [String: String] = [:]
                for text in connector {
                    guard let equals = text.firstIndex(of: "=") else {
                        throw ServiceError(.usage, "--connector \(text): expected THERE=HERE")
                    }
                    connectors[String(text[..<equals])] = String(text[text.index(after: equals)...])
                }
                return try server.importRules(path: try CommonOptions.absolute(path), connectors: connectors)
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Removes a rule; a standard one returns with an upgrade.")
        @OptionGroup var common: CommonOptions
        @Argument var id: String

        func run() throws { try common.answer("rule remove") { try $0.removeRule(id: id) } }
    }

    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "enable", abstract: "Switches a rule on.")
        @OptionGroup var common: CommonOptions
        @Argument var id: String

        func run() throws { try common.answer("rule enable") { try $0.switchRule(id: id, disabled: false) } }
    }

    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "disable", abstract: "Switches a rule off.")
        @OptionGroup var common: CommonOptions
        @Argument var id: String

        func run() throws { try common.answer("rule disable") { try $0.switchRule(id: id, disabled: true) } }
    }
}

struct History: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "history", abstract: "The last steps of cycles.")
    @OptionGroup var common: CommonOptions
    @Option(help: "How many.") var limit = 20

    func run() throws { try common.answer("history") { try $0.history(limit: limit) } }
}
