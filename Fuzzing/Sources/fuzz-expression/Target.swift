import FuzzLoop
import SyncExpressions

/// Any name is an attribute; which type it has follows from its first letter.
private struct AnyName: AttributeNames {
    func attribute(_ name: String) -> AttributeDescription? {
        guard let first = name.utf8.first else { return nil }
        let bases: [ValueType.Base] = [.string, .number, .boolean, .binary, .date, .reference, .any]
        return AttributeDescription(
            number: Int(first), type: ValueType(bases[Int(first) % bases.count], isMultiValued: first % 2 == 1))
    }
}

/// An object that has some attributes and lacks others.
private struct SomeObject: AttributeInput {
    private func single(_ base: ValueType.Base) -> Value {
        switch base {
        case .string, .any, .nothing: .string("SMTP:ada@corp.example")
        case .number: .number(-2_147_483_646)
        case .boolean: .boolean(true)
        case .binary: .binary([1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 2, 3, 4])
        case .date: .date(DateTime(ticks: 636_000_000_000_000_000))
        case .reference: .reference(Reference(object: 7, name: "CN=ada,DC=corp"))
        }
    }

    func value(_ attribute: AttributeDescription) -> Value {
        if attribute.number % 3 == 0 { return .null }
        let value = single(attribute.type.base)
        return attribute.type.isMultiValued ? .list([value, value]) : value
    }

    func importedValue(_ attribute: AttributeDescription) -> Value { value(attribute) }
    func count(_ attribute: AttributeDescription) -> Int { attribute.number % 3 }
    func isPresent(_ attribute: AttributeDescription) -> Bool { attribute.number % 3 != 0 }
}

/// Compiles the input, and evaluates what compiles.
private func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    let environment = EvaluationEnvironment(now: DateTime(ticks: 638_000_000_000_000_000)) { $0 / 2 }
    guard
        let expression = try? CompiledExpression(
            text, names: AnyName(), parameters: ["Domain.FQDN": "corp.example", "Connector.ID": "{1}"])
    else { return 0 }
    _ = try? expression.evaluate(SomeObject(), environment)
    return 0
}

@main
struct Target {
    static func main() { fuzzing { data, size in fuzz(data, size) } }
}
