extension RuleScript {
    private static let model = "Microsoft.IdentityManagement.PowerShell.ObjectModel."

    /// The script that adds the rules. It holds what the rules editor's scripts hold: all but a rule's version and internal identifier.
    public static func write(_ rules: [SynchronizationRule]) -> String {
        rules.map(script).joined(separator: "\n")
    }

    private static func script(_ rule: SynchronizationRule) -> String {
        var commands = [create(rule)]
        commands += rule.flows.map(mapping)
        for group in rule.scope {
            commands += conditions(
                "ScopeCondition",
                group.map { "\(quoted($0.attribute)),\(quoted($0.value)),\(quoted($0.operator.exportedName))" })
        }
        for group in rule.join {
            commands += conditions(
                "JoinCondition",
                group.map {
                    "\(quoted($0.connectorAttribute)),\(quoted($0.metaverseAttribute)),"
                        + ($0.isCaseSensitive ? "$true" : "$false")
                })
        }
        commands.append(command("Add-ADSyncRule", ["SynchronizationRule $syncRule[0]"]))
        commands.append(command("Get-ADSyncRule", ["Identifier \(identifier(rule.id))"]))
        return commands.joined(separator: "\n")
    }

    private static func create(_ rule: SynchronizationRule) -> String {
        let record = rule.record
        let isImmediate = record.softDeleteExpiryInterval == SynchronizationRule.Record().softDeleteExpiryInterval
        var parameters = [
            "Name \(quoted(rule.name))", "Identifier \(identifier(rule.id))",
            "Description \(quoted(record.description))",
            "Direction \(quoted(rule.direction.exported))", "Precedence \(rule.precedence)",
            "PrecedenceAfter \(identifier(record.precedenceAfter ?? RuleReader.zeroIdentifier))",
            "PrecedenceBefore \(identifier(record.precedenceBefore ?? RuleReader.zeroIdentifier))",
            "SourceObjectType \(quoted(rule.sourceObjectType))", "TargetObjectType \(quoted(rule.targetObjectType))",
            "Connector \(identifier(rule.connector))", "LinkType \(quoted(rule.linkType.exported))",
            "SoftDeleteExpiryInterval \(isImmediate ? "0" : quoted(record.softDeleteExpiryInterval))",
            "ImmutableTag \(quoted(record.immutableTag))",
        ]
        if record.isPasswordSyncEnabled { parameters.append("EnablePasswordSync") }
        if rule.isDisabled { parameters.append("Disabled") }
        return command("New-ADSyncRule", parameters + ["OutVariable syncRule"])
    }

    private static func mapping(_ flow: AttributeFlow) -> String {
        var (sources, type, expression) = (flow.listedSources, "Expression", String?.none)
        switch flow.source {
        case .direct(let name): (sources, type) = ([name], "Direct")
        case .constant(let value): (sources, type) = ([value], "Constant")
        case .expression(let text): expression = text
        }
        var parameters = ["SynchronizationRule $syncRule[0]"]
        if !sources.isEmpty { parameters.append("Source @(\(sources.map(quoted).joined(separator: ",")))") }
        parameters += [
            "Destination \(quoted(flow.target))", "FlowType \(quoted(type))",
            "ValueMergeType \(quoted(flow.mergeType.exported))",
        ]
        if flow.isExecuteOnce { parameters.append("ExecuteOnce") }
        if let expression { parameters.append("Expression \(quoted(expression))") }
        return command("Add-ADSyncAttributeFlowMapping", parameters + ["OutVariable syncRule"])
    }

    private static func conditions(_ type: String, _ arguments: [String]) -> [String] {
        let made = arguments.enumerated().map { index, list in
            command(
                "New-Object",
                ["TypeName \(quoted(model + type))", "ArgumentList \(list)", "OutVariable condition\(index)"])
        }
        let variables = arguments.indices.map { "$condition\($0)[0]" }.joined(separator: ",")
        return made + [
            command(
                "Add-ADSync\(type)Group",
                ["SynchronizationRule $syncRule[0]", "\(type)s @(\(variables))", "OutVariable syncRule"])
        ]
    }

    private static func command(_ name: String, _ parameters: [String]) -> String {
        ([name] + parameters.map { "    -\($0)" }).joined(separator: " `\n") + "\n"
    }

    /// Scripts write identifiers without braces.
    private static func identifier(_ id: String) -> String {
        quoted(id.hasPrefix("{") && id.hasSuffix("}") ? String(id.dropFirst().dropLast()) : id)
    }

    /// In single quotes, where nothing but such quotes, the typographic ones included, means anything.
    private static func quoted(_ text: String) -> String {
        "'" + text.map { ScriptLexer.singleQuotes.contains($0) ? "\($0)\($0)" : String($0) }.joined() + "'"
    }
}
