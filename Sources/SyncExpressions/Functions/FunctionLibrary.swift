/// All functions by name. The special forms, whose arguments are not all evaluated or not as values (`IIF`, `Switch`, `Select`,
/// `Where`, `With`, `ImportedValue`, `ValueCount`, `IsPresent` and its kin on attributes, `Error`), belong to the compiler.
enum FunctionLibrary {
    static let functions: [String: FunctionDefinition] = {
        var functions: [String: FunctionDefinition] = [:]
        let groups: [[FunctionDefinition]] = [
            TextFunctions.all, MultiValuedFunctions.all, ConversionFunctions.all, DateFunctions.all,
            DirectoryFunctions.all, EvaluationFunctions.all, MathematicsFunctions.all, CertificateFunctions.all,
        ]
        for function in groups.joined() { functions[function.name] = function }
        return functions
    }()
}
