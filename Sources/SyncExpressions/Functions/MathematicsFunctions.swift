/// Functions on numbers, which have 64 bits and a sign.
enum MathematicsFunctions {
    static let all = [bits("BitAnd", &), bits("BitOr", |), randomNum]

    /// Negative numbers are what two's complement makes of them: a group type's highest bit is -2147483648, read from 32 bits with
    /// a sign, and the mask that asks for it is the same number.
    private static func bits(
        _ name: String, _ combine: @escaping @Sendable (Int64, Int64) -> Int64
    ) -> FunctionDefinition {
        FunctionDefinition(name, [.one(.number), .one(.number)], gives: .number) { (given) throws(EvaluationError) in
            .number(combine(try given.number(0), try given.number(1)))
        }
    }

    /// Both limits may come up.
    private static let randomNum = FunctionDefinition(
        "RandomNum", [.one(.number), .one(.number)], result: .number, isPure: false
    ) { (values, environment) throws(EvaluationError) in
        let given = Arguments(function: "RandomNum", values: values)
        let first = try given.number(0)
        let last = try given.number(1)
        guard first <= last else { throw given.failure("the lower limit \(first) is above the upper limit \(last)") }
        let count = UInt64(bitPattern: last &- first) &+ 1
        // Of all numbers there are 2^64, one more than a bound can say: they are drawn in halves.
        let half: UInt64 = 1 << 32
        let random =
            count == 0 ? environment.random(half) << 32 | environment.random(half) : environment.random(count)
        return .number(first &+ Int64(bitPattern: random))
    }
}
