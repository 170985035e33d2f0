import Documents
import SyncConfiguration

/// Something that a rule reads: an object of a connector space, or the values of a metaverse object.
protocol AttributeSource {
    func values(_ attribute: AttributeID) -> [ArraySlice<UInt8>]
}

extension ObjectBlob: AttributeSource {}

/// A metaverse object's values, worked out from its contributors.
struct MetaverseValues: AttributeSource {
    /// In ascending order of the attributes.
    var entries: [(attribute: AttributeID, values: [ArraySlice<UInt8>])] = []

    func values(_ attribute: AttributeID) -> [ArraySlice<UInt8>] {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].attribute < attribute { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].attribute == attribute ? entries[low].values : []
    }
}

extension CompiledRules.Rule {
    func isInScope(_ source: some AttributeSource) -> Bool {
        scope.isEmpty || scope.contains { group in group.allSatisfy { $0.test.holds(source.values($0.attribute)) } }
    }
}

extension CompiledRules.Flow {
    /// What the flow contributes; nothing is NULL.
    func contribution(_ source: some AttributeSource, today: WallTime) -> [ArraySlice<UInt8>] {
        switch self.source {
        case .direct(let attribute): source.values(attribute)
        case .constant(let bytes): [bytes[...]]
        case .transform(let transform, let attributes):
            transform.apply(attributes.map { source.values($0) }, today: today)
        }
    }
}

extension CompiledRules {
    /// The values that flows give to a target. The flows are in the order of their numbers, each with the source it reads from.
    func resolve<Source: AttributeSource>(_ active: [(flow: UInt16, source: Source)], today: WallTime)
        -> [(flow: Flow, number: UInt16, values: [ArraySlice<UInt8>])]
    {
        var result: [(flow: Flow, number: UInt16, values: [ArraySlice<UInt8>])] = []
        for (number, source) in active {
            let flow = flows[Int(number)]
            let isFilled = result.last?.flow.target == flow.target
            if isFilled, flow.mergeType == .update { continue }
            let values = flow.contribution(source, today: today)
            if !values.isEmpty { result.append((flow, number, values)) }
        }
        return result
    }
}

/// Joins the contributions to one attribute.
func merge(_ present: [ArraySlice<UInt8>], _ more: [ArraySlice<UInt8>], _ type: AttributeFlow.MergeType)
    -> [ArraySlice<UInt8>]
{
    func key(_ value: ArraySlice<UInt8>) -> [UInt8] {
        type == .mergeCaseInsensitive
            ? Array(String(decoding: value, as: UTF8.self).lowercased().utf8) : Array(value)
    }
    var known = Set(present.map(key))
    return present + more.filter { known.insert(key($0)).inserted }
}

/// Lists of winning flows, each kept once: objects of one kind mostly have the same.
struct WinnerLists {
    private var lists: [[UInt16]] = [[]]
    private var numbers: [[UInt16]: UInt32] = [[]: 0]

    subscript(_ number: UInt32) -> [UInt16] { lists[Int(number)] }

    mutating func number(_ list: [UInt16]) -> UInt32 {
        if let known = numbers[list] { return known }
        let new = UInt32(lists.count)
        lists.append(list)
        numbers[list] = new
        return new
    }
}
