/// What the commands of a script have made so far.
struct ScriptSession {
    /// What a variable holds or a parameter gets.
    enum Value {
        case text(String)
        case number(Int)
        case flag(Bool)
        case null
        case list([Value])
        /// A rule, by its place in the drafts: commands change it wherever it is kept.
        case rule(Int)
        case scope(ScopeClause)
        case join(JoinCondition)

        var words: String {
            switch self {
            case .text(let text): "the text '\(text.prefix(40))'"
            case .number(let number): "the number \(number)"
            case .flag(let flag): flag ? "$true" : "$false"
            case .null: "$null"
            case .list: "a list"
            case .rule: "a rule"
            case .scope: "a scope condition"
            case .join: "a join condition"
            }
        }
    }

    struct Draft {
        var rule: SynchronizationRule
        var place: ScriptPlace
        var isAdded = false
    }

    private var variables: [String: Value] = [:]
    private var drafts: [Draft] = []

    static let commands = [
        "New-ADSyncRule", "Add-ADSyncAttributeFlowMapping", "New-Object", "Add-ADSyncScopeConditionGroup",
        "Add-ADSyncJoinConditionGroup", "Add-ADSyncRule", "Get-ADSyncRule", "Import-Module",
    ]

    mutating func run(_ statement: ScriptStatement) throws(ScriptProblem) {
        let result: Value
        switch statement.action {
        case .value(let value): result = try evaluate(value)
        case .command(let name, let parameters, let positional):
            var arguments = try ScriptArguments(name, parameters, statement.place) {
                value throws(ScriptProblem) in try evaluate(value)
            }
            result = try run(name, &arguments, positional, statement.place)
            if let variable = try arguments.text("OutVariable", isRequired: false) {
                variables[variable.lowercased()] = .list([result])
            }
            try arguments.refuseOthers()
        }
        if let target = statement.target { variables[target.lowercased()] = result }
    }

    /// The rules that were added. One that was made and not added would be lost without a word.
    func finish() throws(ScriptProblem) -> [SynchronizationRule] {
        for draft in drafts where !draft.isAdded {
            throw ScriptProblem(
                "the rule \"\(draft.rule.name)\" is made here and never added; expected "
                    + "Add-ADSyncRule -SynchronizationRule after it", draft.place)
        }
        return drafts.map(\.rule)
    }

    private mutating func run(
        _ name: String, _ arguments: inout ScriptArguments, _ positional: [ScriptStatement.Placed],
        _ place: ScriptPlace
    ) throws(ScriptProblem) -> Value {
        let command = name.lowercased()
        if command == "import-module" {
            let module = try arguments.text("Name", isRequired: false)
            let names =
                try [module].compactMap { $0 } + positional.map { value throws(ScriptProblem) in try text(value) }
            guard names.map({ $0.lowercased() }) == ["adsync"] else {
                throw ScriptProblem("expected Import-Module ADSync", place)
            }
            return .null
        }
        if let first = positional.first {
            throw ScriptProblem("expected a parameter of \(name), found a value without a name", first.place)
        }
        switch command {
        case "new-adsyncrule":
            let rule = try Self.rule(&arguments)
            if let other = drafts.first(where: { $0.rule.id == rule.id }) {
                throw ScriptProblem("the rule \"\(other.rule.name)\" has the identifier \(rule.id), too", place)
            }
            drafts.append(Draft(rule: rule, place: place))
            return .rule(drafts.count - 1)
        case "add-adsyncattributeflowmapping":
            let index = try open(&arguments, place)
            drafts[index].rule.flows.append(try Self.flow(&arguments, place))
            return .rule(index)
        case "new-object": return try Self.condition(&arguments, place)
        case "add-adsyncscopeconditiongroup":
            let index = try open(&arguments, place)
            let group = try arguments.list("ScopeConditions").map { item throws(ScriptProblem) in
                guard case .scope(let clause) = item.value else {
                    throw ScriptProblem("expected a scope condition, found \(item.value.words)", item.place)
                }
                return clause
            }
            drafts[index].rule.scope.append(try Self.filled(group, place))
            return .rule(index)
        case "add-adsyncjoinconditiongroup":
            let index = try open(&arguments, place)
            let group = try arguments.list("JoinConditions").map { item throws(ScriptProblem) in
                guard case .join(let condition) = item.value else {
                    throw ScriptProblem("expected a join condition, found \(item.value.words)", item.place)
                }
                return condition
            }
            drafts[index].rule.join.append(try Self.filled(group, place))
            return .rule(index)
        case "add-adsyncrule":
            let index = try open(&arguments, place)
            drafts[index].isAdded = true
            return .rule(index)
        case "get-adsyncrule":
            _ = try arguments.text("Identifier", isRequired: true)
            return .null
        default:
            throw ScriptProblem(
                "expected one of \(Self.commands.joined(separator: ", ")), found \(name)", place)
        }
    }

    private static func filled<Item>(_ group: [Item], _ place: ScriptPlace) throws(ScriptProblem) -> [Item] {
        guard !group.isEmpty else { throw ScriptProblem("expected at least one condition in the group", place) }
        return group
    }

    /// The rule that a command is about; one that was added is finished.
    private func open(_ arguments: inout ScriptArguments, _ place: ScriptPlace) throws(ScriptProblem) -> Int {
        let argument = try arguments.required("SynchronizationRule")
        guard case .rule(let index) = argument.value else {
            throw ScriptProblem("expected a rule such as $syncRule[0], found \(argument.value.words)", argument.place)
        }
        guard !drafts[index].isAdded else {
            throw ScriptProblem(
                "the rule \"\(drafts[index].rule.name)\" was added before and is not changed by this", place)
        }
        return index
    }

    // MARK: Values

    private func text(_ value: ScriptStatement.Placed) throws(ScriptProblem) -> String {
        guard case .text(let text) = try evaluate(value) else { throw ScriptProblem("expected a text", value.place) }
        return text
    }

    private func evaluate(_ placed: ScriptStatement.Placed) throws(ScriptProblem) -> Value {
        switch placed.value {
        case .text(let text): return .text(text)
        case .number(let number): return .number(number)
        case .list(let items):
            var values: [Value] = []
            for item in items { values.append(try evaluate(item)) }
            return .list(values)
        case .variable(let name, let index): return try variable(name, index, placed.place)
        }
    }

    private func variable(_ name: String, _ index: Int?, _ place: ScriptPlace) throws(ScriptProblem) -> Value {
        let value: Value
        switch name.lowercased() {
        case "true": value = .flag(true)
        case "false": value = .flag(false)
        case "null": value = .null
        case let name:
            guard let known = variables[name] else {
                throw ScriptProblem("the variable $\(name) is not set before this line", place)
            }
            value = known
        }
        guard let index else { return value }
        guard case .list(let items) = value else {
            // A single object has itself at index 0.
            guard index == 0 else { throw ScriptProblem("$\(name) has nothing at index \(index)", place) }
            return value
        }
        guard index < items.count else {
            throw ScriptProblem("$\(name) has \(items.count) values, none at index \(index)", place)
        }
        return items[index]
    }
}

/// The parameters of one command, each to be asked for once.
struct ScriptArguments {
    struct Argument {
        var value: ScriptSession.Value
        var place: ScriptPlace
    }

    let command: String
    let place: ScriptPlace
    private var arguments: [String: Argument] = [:]
    private var names: [String: String] = [:]
    private var asked: [String] = []

    init(
        _ command: String, _ parameters: [ScriptStatement.Parameter], _ place: ScriptPlace,
        _ evaluate: (ScriptStatement.Placed) throws(ScriptProblem) -> ScriptSession.Value
    ) throws(ScriptProblem) {
        self.command = command
        self.place = place
        for parameter in parameters {
            let key = parameter.name.lowercased()
            guard arguments[key] == nil else {
                throw ScriptProblem("-\(parameter.name) is given twice", parameter.place)
            }
            let value = try parameter.value.map { value throws(ScriptProblem) in try evaluate(value) }
            arguments[key] = Argument(
                value: value ?? .flag(true), place: parameter.value?.place ?? parameter.place)
            names[key] = parameter.name
        }
    }

    mutating func optional(_ name: String) -> Argument? {
        asked.append(name)
        return arguments.removeValue(forKey: name.lowercased())
    }

    mutating func required(_ name: String) throws(ScriptProblem) -> Argument {
        guard let argument = optional(name) else { throw ScriptProblem("expected -\(name) of \(command)", place) }
        return argument
    }

    /// A text; a number is one, too. Nil where the parameter is not there or `$null`.
    mutating func text(_ name: String, isRequired: Bool) throws(ScriptProblem) -> String? {
        guard let argument = isRequired ? try required(name) : optional(name) else { return nil }
        switch argument.value {
        case .text(let text): return text
        case .number(let number): return String(number)
        case .null where !isRequired: return nil
        default: throw ScriptProblem("expected a text for -\(name), found \(argument.value.words)", argument.place)
        }
    }

    mutating func filled(_ name: String) throws(ScriptProblem) -> String {
        let start = arguments[name.lowercased()]?.place ?? place
        guard let text = try text(name, isRequired: true), !text.isEmpty else {
            throw ScriptProblem("expected a text for -\(name), found nothing", start)
        }
        return text
    }

    mutating func flag(_ name: String) throws(ScriptProblem) -> Bool {
        guard let argument = optional(name) else { return false }
        guard case .flag(let flag) = argument.value else {
            throw ScriptProblem(
                "-\(name) takes no value but $true or $false, found \(argument.value.words)", argument.place)
        }
        return flag
    }

    mutating func number(_ name: String) throws(ScriptProblem) -> Int {
        let argument = try required(name)
        switch argument.value {
        case .number(let number): return number
        case .text(let text):
            if let number = Int(text) { return number }
            fallthrough
        default:
            throw ScriptProblem("expected a whole number for -\(name), found \(argument.value.words)", argument.place)
        }
    }

    /// A list; a single value is a list of one, as in PowerShell.
    mutating func list(_ name: String, isRequired: Bool = true) throws(ScriptProblem) -> [Argument] {
        guard let argument = isRequired ? try required(name) : optional(name) else { return [] }
        switch argument.value {
        case .list(let items): return items.map { Argument(value: $0, place: argument.place) }
        case .null: return []
        default: return [argument]
        }
    }

    func refuseOthers() throws(ScriptProblem) {
        guard let key = arguments.keys.min(), let argument = arguments[key] else { return }
        throw ScriptProblem(
            "\(command) has no parameter -\(names[key] ?? key) that this program knows; expected one of "
                + asked.map { "-\($0)" }.joined(separator: ", "), argument.place)
    }
}
