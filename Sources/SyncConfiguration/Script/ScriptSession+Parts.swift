extension ScriptSession {
    static func rule(_ arguments: inout ScriptArguments) throws(ScriptProblem) -> SynchronizationRule {
        var record = SynchronizationRule.Record()
        let id = try identifier("Identifier", &arguments)
        let direction: SynchronizationRule.Direction = try choice("Direction", &arguments)
        let types = (try arguments.filled("SourceObjectType"), try arguments.filled("TargetObjectType"))
        record.internalID = id
        record.description = try arguments.text("Description", isRequired: false) ?? ""
        record.immutableTag = try arguments.text("ImmutableTag", isRequired: false) ?? ""
        record.precedenceAfter = try neighbour("PrecedenceAfter", &arguments)
        record.precedenceBefore = try neighbour("PrecedenceBefore", &arguments)
        record.softDeleteExpiryInterval = try interval(&arguments)
        record.isPasswordSyncEnabled = try arguments.flag("EnablePasswordSync")
        let precedence = try arguments.number("Precedence")
        guard precedence >= 0 else { throw ScriptProblem("expected a precedence of 0 or more", arguments.place) }
        return SynchronizationRule(
            id: id, name: try arguments.filled("Name"), direction: direction,
            connector: try identifier("Connector", &arguments),
            connectorObjectType: direction == .inbound ? types.0 : types.1,
            metaverseObjectType: direction == .inbound ? types.1 : types.0,
            linkType: try choice("LinkType", &arguments), precedence: precedence,
            isDisabled: try arguments.flag("Disabled"), record: record)
    }

    static func flow(
        _ arguments: inout ScriptArguments, _ place: ScriptPlace
    ) throws(ScriptProblem) -> AttributeFlow {
        let target = try arguments.filled("Destination")
        let type = try arguments.filled("FlowType").lowercased()
        let sources = try arguments.list("Source", isRequired: false).map { item throws(ScriptProblem) in
            switch item.value {
            case .text(let text): return text
            case .number(let number): return String(number)
            default: throw ScriptProblem("expected a text for -Source, found \(item.value.words)", item.place)
            }
        }
        let expression = try arguments.text("Expression", isRequired: false) ?? ""
        let merge: AttributeFlow.MergeType =
            if let name = try arguments.text("ValueMergeType", isRequired: false) {
                try value(name, "ValueMergeType", place)
            } else { .update }
        var flow = AttributeFlow(
            target, .expression(expression), mergeType: merge, isExecuteOnce: try arguments.flag("ExecuteOnce"))
        switch type {
        case "expression":
            guard !expression.isEmpty else { throw ScriptProblem("expected -Expression for an Expression flow", place) }
            flow.listedSources = sources
        case "direct", "constant":
            guard expression.isEmpty else {
                throw ScriptProblem("-Expression is given, and the flow type is not Expression", place)
            }
            guard sources.count == 1, !sources[0].isEmpty else {
                let found = sources.count == 1 ? "an empty one" : String(sources.count)
                throw ScriptProblem(
                    "expected one -Source for a \(type == "direct" ? "Direct" : "Constant") flow, found \(found)", place
                )
            }
            flow.source = type == "direct" ? .direct(sources[0]) : .constant(sources[0])
        default:
            throw ScriptProblem("expected -FlowType to be one of Direct, Constant, Expression, found \(type)", place)
        }
        return flow
    }

    static func condition(_ arguments: inout ScriptArguments, _ place: ScriptPlace) throws(ScriptProblem) -> Value {
        let type = try arguments.filled("TypeName").split(separator: ".").last.map { $0.lowercased() } ?? ""
        let list = try arguments.list("ArgumentList")
        switch type {
        case "scopecondition":
            let texts = try texts(list, count: 3, "an attribute, a value and an operator", place)
            guard let known = ScopeClause.Operator(name: texts[2].uppercased()) else {
                throw ScriptProblem("expected an operator like EQUAL or ISNOTNULL, found \"\(texts[2])\"", place)
            }
            if known == .isBitSet || known == .isNotBitSet, Int64(texts[1]) == nil {
                throw ScriptProblem("expected a decimal mask, found \"\(texts[1])\"", place)
            }
            return .scope(ScopeClause(texts[0], known, texts[1]))
        case "joincondition":
            guard list.count == 3, let isCaseSensitive = flag(list[2].value) else {
                throw ScriptProblem(
                    "expected a connector's attribute, a metaverse attribute and $true or $false for a JoinCondition",
                    place)
            }
            let texts = try texts(Array(list.prefix(2)), count: 2, "two attributes", place)
            guard !texts[1].isEmpty else { throw ScriptProblem("expected an attribute's name", place) }
            return .join(JoinCondition(texts[0], texts[1], isCaseSensitive: isCaseSensitive))
        default:
            throw ScriptProblem("expected -TypeName to end in ScopeCondition or JoinCondition, found \(type)", place)
        }
    }

    // MARK: Values

    private static func flag(_ value: Value) -> Bool? {
        switch value {
        case .flag(let flag): flag
        case .text(let text): Bool(exported: text)
        default: nil
        }
    }

    /// The texts of a condition, the first of which is an attribute's name.
    private static func texts(
        _ list: [ScriptArguments.Argument], count: Int, _ what: String, _ place: ScriptPlace
    ) throws(ScriptProblem) -> [String] {
        guard list.count == count else { throw ScriptProblem("expected \(what), found \(list.count) values", place) }
        let texts = try list.map { item throws(ScriptProblem) in
            switch item.value {
            case .text(let text): return text
            case .number(let number): return String(number)
            case .flag(let flag): return flag.exported
            case .null: return ""
            default: throw ScriptProblem("expected a text, found \(item.value.words)", item.place)
            }
        }
        guard !texts[0].isEmpty else { throw ScriptProblem("expected an attribute's name", place) }
        return texts
    }

    private static func identifier(
        _ name: String, _ arguments: inout ScriptArguments
    ) throws(ScriptProblem) -> String {
        let text = try arguments.filled(name)
        guard let identifier = Identifier.normalized(text.hasPrefix("{") ? text : "{\(text)}") else {
            throw ScriptProblem("expected an identifier for -\(name), found \"\(text)\"", arguments.place)
        }
        return identifier
    }

    private static func neighbour(
        _ name: String, _ arguments: inout ScriptArguments
    ) throws(ScriptProblem) -> String? {
        guard let text = try arguments.text(name, isRequired: false), !text.isEmpty else { return nil }
        guard let identifier = Identifier.normalized(text.hasPrefix("{") ? text : "{\(text)}") else {
            throw ScriptProblem("expected an identifier for -\(name), found \"\(text)\"", arguments.place)
        }
        return identifier == RuleReader.zeroIdentifier ? nil : identifier
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ arguments: inout ScriptArguments
    ) throws(ScriptProblem) -> Choice where Choice.RawValue == String {
        try value(try arguments.filled(name), name, arguments.place)
    }

    /// PowerShell takes the names of enumerations in any case.
    private static func value<Choice: RawRepresentable & CaseIterable>(
        _ text: String, _ name: String, _ place: ScriptPlace
    ) throws(ScriptProblem) -> Choice where Choice.RawValue == String {
        guard let value = Choice.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
            let known = Choice.allCases.map(\.exported).joined(separator: ", ")
            throw ScriptProblem("expected -\(name) to be one of \(known), found \"\(text)\"", place)
        }
        return value
    }

    /// A time span as text; a number counts ticks of 100 nanoseconds, as .NET converts it.
    private static func interval(_ arguments: inout ScriptArguments) throws(ScriptProblem) -> String {
        let none = SynchronizationRule.Record().softDeleteExpiryInterval
        guard let text = try arguments.text("SoftDeleteExpiryInterval", isRequired: false), !text.isEmpty else {
            return none
        }
        guard let ticks = Int(text) else {
            guard text.allSatisfy({ "0123456789:.".contains($0) }), text.contains(":") else {
                throw ScriptProblem(
                    "expected 0 or a time span like '00:00:00' for -SoftDeleteExpiryInterval, found \"\(text)\"",
                    arguments.place)
            }
            return text
        }
        guard ticks >= 0 else {
            throw ScriptProblem("expected a -SoftDeleteExpiryInterval of 0 or more", arguments.place)
        }
        func padded(_ number: Int, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let seconds = ticks / 10_000_000
        let days = seconds / 86_400
        let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { padded($0) }.joined(separator: ":")
        let fraction = ticks % 10_000_000
        return (days > 0 ? "\(days)." : "") + clock + (fraction > 0 ? "." + padded(fraction, 7) : "")
    }
}
