import Foundation
import SyncConfiguration
import TestSupport
import Testing

/// Whatever is printed is read again as it was, or said to be cut; never as something else.
struct PrintedSettingsPropertyTests {
    typealias Parameter = PowerShellPrinter.Parameter

    private static let areas = ["Synchronize", "OptionalFeature", "SynchronizationOption", "DirectoryExtension", "Own"]
    private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

    private static func word(_ lengths: ClosedRange<Int>, _ random: inout SeededGenerator) -> String {
        String((0..<Int.random(in: lengths, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" })
    }

    private static func value(_ random: inout SeededGenerator) -> String {
        func list(_ count: ClosedRange<Int>, _ separator: String, _ part: (inout SeededGenerator) -> String) -> String {
            (0..<Int.random(in: count, using: &random)).map { _ in part(&random) }.joined(separator: separator)
        }
        return switch Int.random(in: 0..<9, using: &random) {
        case 0: ""
        case 1: Bool.random(using: &random) ? "True" : "False"
        case 2: "2.\(Int.random(in: 0..<7, using: &random)).\(Int.random(in: 0..<99, using: &random)).0"
        case 3: "Mon, 05 Feb 2024 11:20:30 GMT"
        case 4: list(1...12, ",") { word(3...14, &$0) + ".user.String.True" }
        case 5: list(1...5, ",") { "OU=" + word(2...12, &$0) } + ",DC=example,DC=org"
        case 6: list(2...30, " ") { word(1...20, &$0) }
        case 7: "Grüße – Ελλάδα – " + word(1...40, &random)
        default: String(Int.random(in: 0..<100_000, using: &random))
        }
    }

    static func parameters(_ random: inout SeededGenerator) -> [Parameter] {
        var names: Set<String> = [GlobalParameter.stagingMode]
        for _ in 0..<Int.random(in: 0..<40, using: &random) {
            names.insert("Microsoft.\(areas.randomElement(using: &random) ?? "Own").\(word(3...30, &random))")
        }
        return names.shuffled(using: &random).map { ($0, value(&random)) }
    }

    /// What was read against what was printed: equal, or said to be cut.
    private static func expectNothingFalse(
        _ settings: PrintedSettings, _ printed: [Parameter], _ note: String, mayLose: Bool
    ) {
        let expected = Dictionary(uniqueKeysWithValues: printed.map { ($0.name, $0.value) })
        for (name, value) in settings.parameters where expected[name] != value {
            Issue.record("\(note): \(name) was \(expected[name] ?? "not printed"), read as \(value)")
        }
        for (name, _) in printed where settings.parameters[name] == nil {
            #expect(mayLose && settings.isCut(name), "\(note): \(name) is lost")
        }
        let foreign = settings.cut.filter { cut in !printed.contains { PrintedSettings.isCut($0.name, in: [cut]) } }
        #expect(foreign == [], "\(note)")
    }

    @Test("Tables of every kind and width lose nothing without saying so", arguments: 0..<60)
    func tables(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let layouts: [[PowerShellPrinter.Column]] = [
            [.name, .value], [.value, .name], [.name, .value, .dataType], [.name, .scope, .value],
            [.name, .value, .description], [.dataType, .name, .description, .value],
        ]
        for layout in layouts {
            let parameters = Self.parameters(&random)
            var printer = PowerShellPrinter()
            printer.columns = layout
            printer.edition = PowerShellPrinter.Edition.allCases.randomElement(using: &random) ?? .core
            printer.width = [80, 100, 120, 237, 4096].randomElement(using: &random) ?? 120
            printer.isAutoSized = Bool.random(using: &random)
            printer.isWrapped = Bool.random(using: &random)
            printer.breaksWords = printer.isWrapped && Bool.random(using: &random)
            let note =
                "\(printer.edition), \(layout.map(\.label)), \(printer.width), auto \(printer.isAutoSized), "
                + "wrap \(printer.isWrapped), words \(printer.breaksWords)"
            let text = printer.table(parameters)
            let settings: PrintedSettings
            do { settings = try PrintedSettings(Array(text.utf8), file: "s") } catch {
                // A table may be too narrow to have both columns; it is never read as another one.
                #expect(error.kind == .badInput)
                #expect(printer.width < 4096, "\(note): \(error)\n\(text)")
                continue
            }
            let mayLose = printer.width < 4096 || !printer.isAutoSized
            Self.expectNothingFalse(settings, parameters, note, mayLose: mayLose)
        }
    }

    @Test("Lists of every width lose nothing without saying so, stripped of blanks or not", arguments: 0..<40)
    func lists(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        for labels in [PowerShellPrinter.properties, ["Name", "Value"], ["Value", "DataType", "Name"]] {
            let parameters = Self.parameters(&random)
            var printer = PowerShellPrinter()
            printer.width = [80, 120, 4096].randomElement(using: &random) ?? 120
            printer.breaksWords = Bool.random(using: &random)
            var text = printer.list(parameters, labels: labels)
            let isStripped = Bool.random(using: &random)
            if isStripped {
                text = text.split(separator: "\r\n", omittingEmptySubsequences: false)
                    .map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
            }
            let settings = try PrintedSettings(Array(text.utf8), file: "s")
            let note = "\(labels), \(printer.width), words \(printer.breaksWords), stripped \(isStripped)"
            Self.expectNothingFalse(settings, parameters, note, mayLose: printer.width < 4096)
        }
    }

    @Test("CSV and JSON lose nothing", arguments: 0..<20)
    func files(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var parameters = Self.parameters(&random)
        parameters.append(("Microsoft.Own.Multiline", "one \"two\",\nthree;\tfour…"))
        for delimiter in [",", ";", "\t"] {
            let text = PowerShellPrinter().csv(parameters, delimiter: delimiter, withType: Bool.random(using: &random))
            let settings = try PrintedSettings(Array(text.utf8), file: "s")
            #expect(settings.cut == [])
            Self.expectNothingFalse(settings, parameters, "CSV", mayLose: false)
        }
        let objects = parameters.map { ["Name": $0.name, "Value": $0.value] }
        let json = try JSONSerialization.data(withJSONObject: objects, options: .prettyPrinted)
        let settings = try PrintedSettings(Array(json), file: "s")
        #expect(settings.cut == [])
        Self.expectNothingFalse(settings, parameters, "JSON", mayLose: false)
    }

    @Test("What fits is read whole, and long values that are wrapped are put together")
    func whole() throws {
        let long = (0..<12).map { "attribute\($0).user.String.True" }.joined(separator: ",")
        let parameters: [Parameter] = [
            (GlobalParameter.stagingMode, "False"), ("Microsoft.Own.List", long),
            ("Microsoft.Own.Words", "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"),
        ]
        for edition in PowerShellPrinter.Edition.allCases {
            var printer = PowerShellPrinter(edition: edition, width: 100, isWrapped: true)
            for breaksWords in [false, true] {
                printer.breaksWords = breaksWords
                let table = try PrintedSettings(Array(printer.table(parameters).utf8), file: "s")
                #expect(table.cut == [] && table.parameters["Microsoft.Own.List"] == long, "\(edition)")
                let list = try PrintedSettings(Array(printer.list(parameters).utf8), file: "s")
                #expect(list.cut == [] && list.parameters["Microsoft.Own.List"] == long, "\(edition)")
            }
            printer.isWrapped = false
            let cut = try PrintedSettings(Array(printer.table(parameters).utf8), file: "s")
            #expect(cut.cut == ["Microsoft.Own.List", "Microsoft.Own.Words"])
        }
    }

    @Test("A value that could be joined in two ways is not joined")
    func doubtful() throws {
        let text = """
            Name                              Value
            ----                              -----
            Microsoft.Synchronize.StagingMode False
            Microsoft.Own.Text                abcdefgh
                                              ijk
            """
        let settings = try PrintedSettings(Array(text.utf8), file: "s")
        #expect(settings.cut == ["Microsoft.Own.Text"])
        #expect(settings.parameters == [GlobalParameter.stagingMode: "False"])
    }

    @Test("The longest printout is read in time that grows with its length", .timeLimit(.minutes(2)))
    func long() throws {
        let parameters = (0..<6000).map { (name: "Microsoft.Own.Parameter\($0)", value: "value \($0)") }
        let printer = PowerShellPrinter()
        for text in [
            printer.table(parameters), printer.list(parameters, labels: ["Name", "Value"]), printer.csv(parameters),
        ] {
            #expect(try PrintedSettings(Array(text.utf8), file: "s").parameters.count == parameters.count)
        }
    }
}
