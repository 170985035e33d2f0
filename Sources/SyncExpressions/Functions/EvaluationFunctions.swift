/// Checks of values. Each answers for an absent value too.
enum EvaluationFunctions {
    static let all = [
        check("IsNull") { isAbsent($0) },
        check("IsEmpty") { isEmpty($0) },
        check("IsNullOrEmpty") { isAbsent($0) || isEmpty($0) },
        check("IsPresent") { !isAbsent($0) && !isEmpty($0) },
        check("IsString") { ConversionFunctions.text(of: $0) != nil },
        check("IsNumeric") { ConversionFunctions.number(of: $0) != nil },
        check("IsDate") { ConversionFunctions.date(of: $0) != nil },
        check("IsGuid") { value in
            if case .string(let text) = value { GUIDText.parse(text) != nil } else { false }
        },
        isBitSet,
    ]

    /// A list is looked at whole, and a list of one as that one.
    private static func check(_ name: String, _ holds: @escaping @Sendable (Value) -> Bool) -> FunctionDefinition {
        FunctionDefinition(name, [.many(.any)], gives: .boolean, nulls: .arePassed) { given in
            guard case .list(let values) = given[0], values.count == 1 else { return .boolean(holds(given[0])) }
            return .boolean(holds(values[0]))
        }
    }

    /// `NULL` in every form counts: AuthoritativeNull contributes no value either.
    private static func isAbsent(_ value: Value) -> Bool { value == .null || value == .authoritativeNull }
    private static func isEmpty(_ value: Value) -> Bool { value == .string("") || value == .binary([]) }

    /// Whether all bits of the flag are set; the documents speak of one.
    private static let isBitSet = FunctionDefinition(
        "IsBitSet", [.one(.number), .one(.number)], gives: .boolean, nulls: .arePassed
    ) { (given) throws(EvaluationError) in
        guard given[0] != .null, given[1] != .null else { return .boolean(false) }
        let value = try given.number(0)
        let flag = try given.number(1)
        return .boolean(flag != 0 && value & flag == flag)
    }
}
