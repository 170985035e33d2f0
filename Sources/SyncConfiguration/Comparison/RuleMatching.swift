/// Which rules of a server are which of the product's.
struct RuleMatching {
    /// One standard rule, and the rules of the server that are meant to be it.
    struct Group {
        /// The product's content; nil where only tags are known.
        let template: SynchronizationRule?
        /// The connector that a rule was seen at which is missing at this group's.
        let seenAt: String?
        /// In the order of the content's version, the newest first.
        private(set) var rules: [SynchronizationRule]
        private let model: SynchronizationRule

        init(template: SynchronizationRule) {
            self.template = template
            model = template
            rules = []
            seenAt = nil
        }

        init(tagged rule: SynchronizationRule) {
            template = nil
            model = rule
            rules = [rule]
            seenAt = nil
        }

        /// A standard rule that is missing, as another connector has it.
        init(missing rule: SynchronizationRule, seenAt: String) {
            template = nil
            model = rule
            rules = []
            self.seenAt = seenAt
        }

        mutating func add(_ rule: SynchronizationRule) { rules.append(rule) }

        /// An enabled rule beside disabled ones of the same tag: an edited rule and the standard that an upgrade put beside it.
        var isPair: Bool { rules.count > 1 && rules.filter { !$0.isDisabled }.count == 1 }
        /// The rule that stands for the standard one; nil where it was deleted.
        var primary: SynchronizationRule? { isPair ? rules.first { !$0.isDisabled } : rules.first }
        var others: [SynchronizationRule] { rules.filter { $0.id != primary?.id } }
        /// What the content is compared with; nil where there is nothing to compare it with.
        var standard: SynchronizationRule? { template ?? (isPair ? others.first : nil) }
        /// The rule as the product has it, as far as it is known.
        var reference: SynchronizationRule { standard ?? model }
    }

    struct Key: Hashable {
        let connector: String
        let direction: SynchronizationRule.Direction
        let stem: String

        init(_ rule: SynchronizationRule, connector: String? = nil) {
            self.connector = connector ?? rule.connector
            direction = rule.direction
            stem = RuleTag.stem(rule.record.immutableTag)
        }
    }

    private(set) var groups: [Group] = []
    /// Rules with a tag that no template has.
    private(set) var unknown: [SynchronizationRule] = []
    /// Rules without a tag that are no template's.
    private(set) var custom: [SynchronizationRule] = []

    init(rules: [SynchronizationRule], connectors: [RuleConnector], standard: StandardRules) {
        let sorted = rules.sorted(by: Self.newestFirst)
        switch standard {
        case .templates(let templates): match(sorted, templates)
        case .tagsOnly:
            matchTags(sorted)
            addMissing(connectors)
        }
        custom.sort { ($0.precedence, $0.id) < ($1.precedence, $1.id) }
    }

    /// The tag without its number. Rules without a tag that a template is known of are called by the template: its id is the rule's
    /// without the connector.
    static func tag(of rule: SynchronizationRule) -> String {
        guard rule.isCustom else { return RuleTag.stem(rule.record.immutableTag) }
        let suffix = "@\(rule.connector)"
        return rule.id.hasSuffix(suffix) ? String(rule.id.dropLast(suffix.count)) : ""
    }

    private static func newestFirst(_ left: SynchronizationRule, _ right: SynchronizationRule) -> Bool {
        let numbers = (RuleTag.number(left.record.immutableTag) ?? 0, RuleTag.number(right.record.immutableTag) ?? 0)
        if numbers.0 != numbers.1 { return numbers.0 > numbers.1 }
        return (left.precedence, left.id) < (right.precedence, right.id)
    }

    // MARK: With templates

    private mutating func match(_ rules: [SynchronizationRule], _ templates: [SynchronizationRule]) {
        var byID: [String: Int] = [:]
        var byKey: [Key: Int] = [:]
        for (place, template) in templates.enumerated() {
            groups.append(Group(template: template))
            byID[template.id] = byID[template.id] ?? place
            guard !template.isCustom else { continue }
            byKey[Key(template)] = byKey[Key(template)] ?? place
        }
        for rule in rules {
            if let place = byID[rule.id] ?? (rule.isCustom ? nil : byKey[Key(rule)]) {
                groups[place].add(rule)
            } else if rule.isCustom {
                custom.append(rule)
            } else {
                unknown.append(rule)
            }
        }
    }

    // MARK: With tags only

    private mutating func matchTags(_ rules: [SynchronizationRule]) {
        var places: [Key: Int] = [:]
        for rule in rules {
            guard !rule.isCustom else {
                custom.append(rule)
                continue
            }
            let key = Key(rule)
            if let place = places[key] {
                groups[place].add(rule)
            } else {
                places[key] = groups.count
                groups.append(Group(tagged: rule))
            }
        }
    }

    /// Standard rules come once per directory. One that another directory has is deleted here, unless the directory lacks what the rule
    /// speaks of (rules for Exchange come only where its schema is), or the rule belongs to a write-back, which has one forest.
    private mutating func addMissing(_ connectors: [RuleConnector]) {
        let directories = connectors.filter { $0.kind == .activeDirectory }.sorted { $0.id < $1.id }
        guard directories.count > 1 else { return }
        let kinds = Set(directories.map(\.id))
        var present: Set<Key> = []
        var models: [SynchronizationRule] = []
        var provisioned: Set<String> = []
        for group in groups {
            guard let rule = group.primary, kinds.contains(rule.connector) else { continue }
            present.insert(Key(rule))
            models.append(rule)
            if rule.direction == .outbound, rule.linkType == .provision {
                provisioned.insert("\(rule.connector) \(RuleText.types(rule))")
            }
        }
        models.sort { ($0.precedence, $0.id) < ($1.precedence, $1.id) }
        let configured = Set(models.map(\.connector))
        for directory in directories where configured.contains(directory.id) {
            for model in models {
                let key = Key(model, connector: directory.id)
                let isWriteback =
                    model.direction == .outbound && provisioned.contains("\(model.connector) \(RuleText.types(model))")
                guard !isWriteback, !present.contains(key), directory.suits(model) else { continue }
                present.insert(key)
                var missing = model
                missing.connector = directory.id
                // An id of its own: the model is another group's rule.
                missing.id = "\(model.id)@\(directory.id)"
                groups.append(Group(missing: missing, seenAt: model.connector))
            }
        }
    }
}
