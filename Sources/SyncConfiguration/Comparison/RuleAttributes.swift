/// The attributes that a rule speaks of.
enum RuleAttributes {
    /// Those that the rule reads or writes, on either side, sorted and each once.
    static func all(of rule: SynchronizationRule) -> [String] {
        var names: Set<String> = []
        for clause in rule.scope.joined() { names.insert(clause.attribute) }
        for condition in rule.join.joined() {
            names.insert(condition.connectorAttribute)
            names.insert(condition.metaverseAttribute)
        }
        for flow in rule.flows {
            names.insert(flow.target)
            names.formUnion(sources(of: flow))
        }
        return names.sorted()
    }

    /// Those that the connected directory has to have for the rule to make sense there.
    static func connectorSide(of rule: SynchronizationRule) -> Set<String> {
        var names = Set(rule.join.joined().map(\.connectorAttribute))
        switch rule.direction {
        case .inbound:
            names.formUnion(rule.scope.joined().map(\.attribute))
            for flow in rule.flows { names.formUnion(sources(of: flow)) }
        case .outbound: names.formUnion(rule.flows.map(\.target))
        }
        return names
    }

    private static func sources(of flow: AttributeFlow) -> Set<String> {
        switch flow.source {
        case .direct(let attribute): Set([attribute] + flow.listedSources)
        case .constant: []
        case .expression(let text): Set(flow.listedSources).union(referenced(in: text))
        }
    }

    /// What an expression names: `[attribute]`, and the quoted name that `ImportedValue` and `ValueCount` take.
    static func referenced(in expression: String) -> Set<String> {
        var names: Set<String> = []
        let bytes = Array(expression.utf8)
        var place = 0
        // The last word before the place, to know whose argument a text is.
        var word: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\"") {
                let end = endOfText(bytes, place)
                if takesName(word) { names.insert(String(decoding: bytes[(place + 1)..<end], as: UTF8.self)) }
                place = end
                word = []
            } else if byte == UInt8(ascii: "["), let end = bytes[place...].firstIndex(of: UInt8(ascii: "]")) {
                names.insert(String(decoding: bytes[(place + 1)..<end], as: UTF8.self))
                place = end
                word = []
            } else if isLetter(byte) {
                if place == 0 || !isLetter(bytes[place - 1]) { word = [] }
                word.append(byte)
            } else if byte != UInt8(ascii: "("), byte != UInt8(ascii: " ") {
                word = []
            }
            place += 1
        }
        names.remove("")
        return names
    }

    private static func takesName(_ word: [UInt8]) -> Bool {
        word.elementsEqual("ImportedValue".utf8) || word.elementsEqual("ValueCount".utf8)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Where the quotes of a text close; a backslash takes the next character with it.
    private static func endOfText(_ bytes: [UInt8], _ start: Int) -> Int {
        var place = start + 1
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(place, bytes.count)
    }
}
