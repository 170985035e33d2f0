import Foundation
import SyncConfiguration
import TestSupport
import Testing

struct PrintedSettingsDamageTests {
    /// Something that is no whole printout, and what the error must say.
    struct Damaged: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let line: Int?
        let words: String

        init(_ what: String, line: Int?, _ words: String, _ text: String) {
            testDescription = what
            self.text = text
            self.line = line
            self.words = words
        }
    }

    static let damaged = [
        Damaged("nothing", line: nil, "empty", ""),
        Damaged("blank lines", line: nil, "empty", "\n   \n\r\n"),
        Damaged("prose", line: nil, "found none", "Here are the settings:\nnone"),
        Damaged(
            "the settings as a whole", line: 2, "no value",
            "Version    : 7\nParameters : {Microsoft.Synchronize.StagingMode, Microsoft.Synchronize.TimeInterval...}\n"),
        Damaged(
            "another table", line: 1, "Name and Value",
            "Id ProcessName\n-- -----------\n 1 System"),
        Damaged(
            "a table of other things", line: 3, "expected parameters",
            "Name Value\n---- -----\nPath C:\\Windows"),
        Damaged(
            "a header that is broken over lines", line: 2, "each on one line",
            "Name                              Va\n                                  lue\n"
                + "----                              ---\nMicrosoft.Synchronize.StagingMode Tru"),
        Damaged(
            "no header", line: 1, "stands in no table", "Microsoft.Synchronize.StagingMode False"),
        Damaged(
            "a blank line between rows", line: 5, "stands in no table",
            "Name                              Value\n----                              -----\n"
                + "Microsoft.Synchronize.StagingMode False\n\nMicrosoft.Synchronize.TimeInterval 00:30:00"),
        Damaged(
            "a row that was shifted", line: 4, "not below",
            "Name                               Value\n----                               -----\n"
                + "Microsoft.Synchronize.StagingMode  False\nMicrosoft.Synchronize.TimeIntervals 00:30:00"),
        Damaged(
            "a tab", line: 3, "tab",
            "Name                              Value\n----                              -----\n"
                + "Microsoft.Synchronize.StagingMode\tFalse"),
        Damaged(
            "a row without a name first", line: 3, "without a name",
            "Name                              Value\n----                              -----\n"
                + "                                  False\nMicrosoft.Synchronize.StagingMode False"),
        Damaged(
            "a name with a blank", line: 3, "parameter's name",
            "Name                              Value\n----                              -----\n"
                + "Microsoft.Synchronize StagingMode False"),
        Damaged(
            "two values of one parameter", line: 4, "on line 3",
            "Name                              Value\n----                              -----\n"
                + "Microsoft.Synchronize.StagingMode False\nMicrosoft.Synchronize.StagingMode True"),
        Damaged(
            "a list without values", line: 1, "without Value", "Name : Microsoft.Synchronize.StagingMode\nScope : x"),
        Damaged("a list without names", line: 1, "without Name", "Value : True\nScope : x"),
        Damaged(
            "a list with something between", line: 2, "rest of the line",
            "Name  : Microsoft.Synchronize.StagingMode\nsomething\nValue : True"),
        Damaged("a record with a field too many", line: 2, "2 fields", "Name,Value\nMicrosoft.A,b,c"),
        Damaged("a record that is cut off", line: 3, "not closed", "Name,Value\nMicrosoft.A,b\n\"Microsoft.B\",\"c"),
        Damaged("text behind a quotation mark", line: 2, "closing", "Name,Value\n\"Microsoft.A\"x,b"),
        Damaged("JSON that is cut off", line: 2, "not JSON", "[{\"Name\": \"Microsoft.A\",\n\"Value\": "),
        Damaged("JSON of something else", line: 1, "list of objects", "{\"Version\": 1}"),
        Damaged("JSON that is too shallow", line: 1, "element 1", "{\"Parameters\": [\"ConfigurationParameter\"]}"),
        Damaged("a control character", line: 2, "control character", "Name\n\u{0}Value"),
        Damaged("an unknown control sequence", line: 1, "no colour", "\u{1B}]0;title\u{7}Name Value"),
        Damaged(
            "a control sequence without an end", line: 1, "not end", "\u{1B}[" + String(repeating: "1;", count: 99)),
    ]

    @Test(
        "What is no whole printout ends in one error with its line, and with the command that prints it",
        arguments: damaged)
    func damage(_ damaged: Damaged) throws {
        let error = try #require(throws: ExportError.self) {
            try PrintedSettings(Array(damaged.text.utf8), file: "printed.txt")
        }
        #expect(error.kind == .badInput)
        #expect(error.line == damaged.line)
        #expect(error.problem.contains(damaged.words), "\(error.problem)")
        #expect(error.remedy.contains(PrintedSettings.command))
        #expect(error.description.hasPrefix("printed.txt"))
        #expect(!error.description.contains("\n"))
    }

    @Test(
        "Bytes that are no text are refused",
        arguments: [
            [0xFF, 0xFE, 0x41], [0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00], [0x4E, 0xE4, 0x6D], [0xFE, 0xFF, 0xDC, 0x00],
            [0xFF, 0xFE, 0x00, 0x00, 0x41, 0x00], [0x4E, 0x00, 0x61, 0x00],
        ] as [[UInt8]])
    func noText(_ bytes: [UInt8]) throws {
        let error = try #require(throws: ExportError.self) { try PrintedSettings(bytes, file: "s") }
        #expect(error.problem.contains("UTF-8"))
    }

    @Test("A file beyond all printouts is refused")
    func large() throws {
        let bytes = [UInt8](repeating: 0x20, count: (4 << 20) + 1)
        let error = try #require(throws: ExportError.self) { try PrintedSettings(bytes, file: "s") }
        #expect(error.problem.contains("more than any"))
    }

    @Test("A file that is not there, a folder, and a pipe are told apart, and nothing is waited for")
    func noFile() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending(path: "none").path
            let absent = try #require(throws: ExportError.self) { try PrintedSettings(file: path) }
            #expect(absent.kind == .noSuchInput)
            let pipe = folder.appending(path: "pipe").path
            try #require(mkfifo(pipe, 0o600) == 0)
            for path in [folder.path, pipe] {
                let error = try #require(throws: ExportError.self) { try PrintedSettings(file: path) }
                #expect(error.kind == .badInput)
                #expect(error.remedy.contains("Get-ADSyncGlobalSettings"))
            }
        }
    }

    @Test(
        "A printout that is cut off anywhere never crashes and never gives a value that was not printed",
        arguments: 0..<3)
    func cutOff(_ shape: Int) {
        let parameters: [PowerShellPrinter.Parameter] = [
            (GlobalParameter.stagingMode, "False"), ("Microsoft.Own.Text", "a, \"b\""), ("Microsoft.Own.Last", "end"),
        ]
        let printer = PowerShellPrinter(edition: .coloured)
        let text = Array([printer.table(parameters), printer.list(parameters), printer.csv(parameters)][shape].utf8)
        var errors = 0
        for length in 0..<text.count {
            do {
                let settings = try PrintedSettings(Array(text[..<length]), file: "s")
                for (name, value) in settings.parameters {
                    let whole = parameters.first { $0.name.hasPrefix(name) }
                    #expect(whole?.value.hasPrefix(value) == true, "\(name) is \(value) at \(length)")
                }
            } catch {
                errors += 1
                #expect(error.kind == .badInput)
            }
        }
        #expect(errors > 50)
    }

    @Test("Noise never crashes the reader", arguments: 0..<200)
    func noise(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var text = Array(PowerShellPrinter().table(PrintedSettingsPropertyTests.parameters(&random)).utf8)
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            let place = Int.random(in: 0..<text.count, using: &random)
            text[place] = [0x0A, 0x20, 0x2D, 0x3A, 0x22, 0x2C, 0xC3, 0x1B].randomElement(using: &random) ?? 0
        }
        _ = try? PrintedSettings(text, file: "s")
    }
}
