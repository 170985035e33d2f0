import SyncExpressions
import Testing

@Suite("A type of the expression language")
struct ValueTypeTests {
    @Test("is written with whether it has several values")
    func description() {
        #expect(ValueType.string.description == "string")
        #expect(ValueType.reference.many.description == "multi-valued reference")
    }
}
