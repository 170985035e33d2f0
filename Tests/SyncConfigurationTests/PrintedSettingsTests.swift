import Documents
import Foundation
import SyncConfiguration
import TestSupport
import Testing

struct PrintedSettingsTests {
    static func read(_ text: String) throws -> PrintedSettings { try PrintedSettings(Array(text.utf8), file: "s.txt") }

    /// One printout in each shape, and what it tells.
    struct Printout: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let shape: PrintedSettings.Shape
        var values = ["StagingMode": "False", "ServerConfigurationVersion": "2.3.6.0", "TimeInterval": "00:30:00"]
        var cut: [String] = []

        init(
            _ what: String, _ shape: PrintedSettings.Shape, values: [String: String]? = nil, cut: [String] = [],
            _ text: String
        ) {
            testDescription = what
            self.shape = shape
            self.text = text
            self.cut = cut.map { "Microsoft.Synchronize.\($0)" }
            if let values { self.values = values }
        }
    }

    static let printouts = [
        Printout(
            "two columns", .table,
            """

            Name                                             Value
            ----                                             -----
            Microsoft.Synchronize.StagingMode                False
            Microsoft.Synchronize.ServerConfigurationVersion 2.3.6.0
            Microsoft.Synchronize.TimeInterval               00:30:00


            """),
        Printout(
            "two columns below a prompt and above another", .table,
            """
            PS C:\\Windows\\system32> (Get-ADSyncGlobalSettings).Parameters | select Name,Value

            Name                                             Value
            ----                                             -----
            Microsoft.Synchronize.StagingMode                False
            Microsoft.Synchronize.ServerConfigurationVersion 2.3.6.0
            Microsoft.Synchronize.TimeInterval               00:30:00
            PS C:\\Windows\\system32> exit
            """),
        Printout(
            "in a frame, indented, below the prompt of another machine", .table,
            """
                ```
                [SYNC01]: PS C:\\Users\\admin> (Get-ADSyncGlobalSettings).Parameters | ft Name, Value

                Name                                             Value
                ----                                             -----
                Microsoft.Synchronize.StagingMode                False
                Microsoft.Synchronize.ServerConfigurationVersion 2.3.6.0
                Microsoft.Synchronize.TimeInterval               00:30:00
                ```
            """),
        Printout(
            "below another command's table and list", .table,
            """
            SyncCycleEnabled StagingModeEnabled
            ---------------- ------------------
                        True              False

            SchedulerSuspended : False

            Name                                             Value
            ----                                             -----
            Microsoft.Synchronize.StagingMode                False
            Microsoft.Synchronize.ServerConfigurationVersion 2.3.6.0
            Microsoft.Synchronize.TimeInterval               00:30:00
            """),
        Printout(
            "three columns, the last aligned to the right", .table,
            """
            Name                                             Value    DataType
            ----                                             -----    --------
            Microsoft.Synchronize.StagingMode                False      String
            Microsoft.Synchronize.ServerConfigurationVersion 2.3.6.0    String
            Microsoft.Synchronize.TimeInterval               00:30:00   String
            """),
        Printout(
            "three columns, that in the middle wider than its header and aligned to the right", .table,
            """
            Name                                                             Scope Value
            ----                                                             ----- -----
            Microsoft.Synchronize.StagingMode                SynchronizationGlobal False
            Microsoft.Synchronize.ServerConfigurationVersion SynchronizationGlobal 2.3.6.0
            Microsoft.Synchronize.TimeInterval               SynchronizationGlobal 00:30:00
            """),
        Printout(
            "the value before the name", .table,
            """
            Value    PageNumber Name
            -----    ---------- ----
            False             0 Microsoft.Synchronize.StagingMode
            2.3.6.0           0 Microsoft.Synchronize.ServerConfigurationVersion
            00:30:00          0 Microsoft.Synchronize.TimeInterval
            """),
        Printout(
            "an empty value and blanks in one", .table,
            values: ["StagingMode": "", "NextStartTime": "Mon, 05 Feb 2024 11:20:30 GMT"],
            """
            Name                                             Value                         DataType
            ----                                             -----                         --------
            Microsoft.Synchronize.StagingMode                                                String
            Microsoft.Synchronize.NextStartTime              Mon, 05 Feb 2024 11:20:30 GMT   String
            """),
        Printout(
            "wide characters in a console", .table, values: ["StagingMode": "同期サーバー", "TimeInterval": "False"],
            """
            Name                               Value        DataType
            ----                               -----        --------
            Microsoft.Synchronize.StagingMode  同期サーバー   String
            Microsoft.Synchronize.TimeInterval False          String
            """),
        Printout(
            "wide characters in a file", .table, values: ["StagingMode": "同期サーバー", "TimeInterval": "False"],
            """
            Name                               Value  DataType
            ----                               -----  --------
            Microsoft.Synchronize.StagingMode  同期サーバー   String
            Microsoft.Synchronize.TimeInterval False    String
            """),
        Printout(
            "cut values and a cut name", .table, values: ["TimeInterval": "00:30:00"],
            cut: ["AnExampleWithALong…", "NextStartTime", "SynchronizationPolicy"],
            """
            Name                                        Value
            ----                                        -----
            Microsoft.Synchronize.TimeInterval          00:30:00
            Microsoft.Synchronize.NextStartTime         Mon, 05...
            Microsoft.Synchronize.SynchronizationPolicy Delta, or…
            Microsoft.Synchronize.AnExampleWithALong... True
            """),
        Printout(
            "values wrapped over lines", .table,
            values: [
                "NextStartTime": "Mon, 05 Feb 2024 11:20:30 GMT", "StagingMode": "False",
                "SynchronizationPolicy": "abcdefghijklmnop",
            ],
            """
            Name                                        Value      Aligned
            ----                                        -----      -------
            Microsoft.Synchronize.NextStartTime         Mon, 05    left
                                                        Feb 2024
                                                        11:20:30
                                                        GMT
            Microsoft.Synchronize.StagingMode           False      left
            Microsoft.Synchronize.SynchronizationPolicy abcdefghij left
                                                        klmnop
            """),
        Printout(
            "names wrapped over lines", .table,
            values: ["StagingMode": "False", "TimeInterval": "00:30:00", "SchedulerSuspended": ""],
            """
            Name                    Value
            ----                    -----
            Microsoft.Synchronize.S False
            tagingMode
            Microsoft.Synchronize.T 00:30:00
            imeInterval
            Microsoft.Synchronize.S
            chedulerSuspended
            """),
        Printout(
            "a list", .list,
            """


            Name                   : Microsoft.Synchronize.StagingMode
            InputType              : String
            Description            :
            Value                  : False
            PageNumber             : 0

            Name                   : Microsoft.Synchronize.ServerConfigurationVersion
            InputType              : String
            Description            :
            Value                  : 2.3.6.0
            PageNumber             : 0

            Name                   : Microsoft.Synchronize.TimeInterval
            InputType              : String
            Description            :
            Value                  : 00:30:00
            PageNumber             : 0

            PS C:\\>
            """),
        Printout(
            "an object with a property for each parameter", .list,
            """
            Microsoft.Synchronize.StagingMode                : False
            Microsoft.Synchronize.ServerConfigurationVersion : 2.3.6.0
            Microsoft.Synchronize.TimeInterval               : 00:30:00
            """),
        Printout(
            "CSV with a type", .csv,
            """
            #TYPE Selected.Parameter
            "Name","Value"
            "Microsoft.Synchronize.StagingMode","False"
            "Microsoft.Synchronize.ServerConfigurationVersion","2.3.6.0"
            "Microsoft.Synchronize.TimeInterval","00:30:00"
            """),
        Printout(
            "CSV without quotation marks, other columns between", .csv,
            """
            Value;Scope;Name
            False;SynchronizationGlobal;Microsoft.Synchronize.StagingMode
            2.3.6.0;SynchronizationGlobal;Microsoft.Synchronize.ServerConfigurationVersion
            00:30:00;SynchronizationGlobal;Microsoft.Synchronize.TimeInterval
            """),
        Printout(
            "CSV with quotation marks, delimiters and line breaks in a value", .csv,
            values: ["StagingMode": "a \"b\", c\nd", "TimeInterval": "dots..."],
            """
            "Name","Value"
            "Microsoft.Synchronize.StagingMode","a ""b"", c
            d"
            "Microsoft.Synchronize.TimeInterval","dots..."
            """),
        Printout(
            "JSON", .json,
            """
            PS C:\\> (Get-ADSyncGlobalSettings).Parameters | select Name,Value | ConvertTo-Json
            [
                {
                    "Name":  "Microsoft.Synchronize.StagingMode",
                    "Value":  "False"
                },
                { "Name": "Microsoft.Synchronize.ServerConfigurationVersion", "Value": "2.3.6.0" },
                { "Name": "Microsoft.Synchronize.TimeInterval", "Value": "00:30:00" }
            ]
            PS C:\\>
            """),
        Printout(
            "JSON of the settings as a whole", .json, values: ["StagingMode": "True", "TimeInterval": ""],
            """
            {"Version": 12, "Parameters": {"value": [
            {"Name": "Microsoft.Synchronize.StagingMode", "InputType": 0, "Value": true},
            {"Name": "Microsoft.Synchronize.TimeInterval", "InputType": 0, "Value": null}], "Count": 2}}
            """),
    ]

    @Test("Every shape that PowerShell prints is read", arguments: printouts)
    func shapes(_ printout: Printout) throws {
        let settings = try Self.read(printout.text)
        #expect(settings.shape == printout.shape)
        let named = printout.values.map { ("Microsoft.Synchronize.\($0.key)", $0.value) }
        #expect(settings.parameters == Dictionary(uniqueKeysWithValues: named))
        #expect(settings.cut == printout.cut)
    }

    @Test("A place is kept for each parameter")
    func lines() throws {
        let settings = try Self.read(Self.printouts[1].text)
        #expect(settings.lines["Microsoft.Synchronize.StagingMode"] == 5)
        #expect(settings.lines["Microsoft.Synchronize.TimeInterval"] == 7)
    }

    struct Encoding: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let encode: @Sendable (String) -> [UInt8]

        static let all = [
            Encoding(testDescription: "UTF-8") { Array($0.utf8) },
            Encoding(testDescription: "UTF-8 with a mark") { [0xEF, 0xBB, 0xBF] + Array($0.utf8) },
            Encoding(testDescription: "UTF-16, little end first") {
                [0xFF, 0xFE] + $0.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            },
            Encoding(testDescription: "UTF-16, big end first") {
                [0xFE, 0xFF] + $0.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            },
        ]
    }

    @Test("Every encoding of a redirection is read, with either kind of line end", arguments: Encoding.all)
    func encodings(_ encoding: Encoding) throws {
        for text in [Self.printouts[0].text, Self.printouts[0].text.replacing("\n", with: "\r\n")] {
            let settings = try PrintedSettings(encoding.encode(text.replacing("False", with: "Größe 😀…")), file: "s")
            #expect(settings.parameters["Microsoft.Synchronize.ServerConfigurationVersion"] == "2.3.6.0")
            #expect(settings.cut == ["Microsoft.Synchronize.StagingMode"])
        }
    }

    @Test("Blanks of a web page are blanks, and blanks at the ends of lines do not count")
    func webPage() throws {
        let text = Self.printouts[0].text.replacing(" ", with: "\u{A0}").replacing("\n", with: "   \n")
        #expect(try Self.read(text).parameters.count == 3)
    }

    @Test("Printed twice alike is printed once; a table after a table goes on with it")
    func twice() throws {
        let text = Self.printouts[0].text
        #expect(try Self.read(text + text).parameters == Self.read(text).parameters)
        let more = text.replacing("StagingMode", with: "SomethingEls")
        #expect(try Self.read(text + more).parameters.count == 4)
    }

    @Test("A printout says which parameters of every version it lacks, and what was cut is not lacking")
    func missing() throws {
        let known = try Self.read(Self.printouts[0].text).missing
        #expect(known.count == 32)
        #expect(!known.contains(GlobalParameter.stagingMode))
        let whole = PowerShellPrinter().csv(known.map { ($0, "x") })
        #expect(try Self.read(whole).missing.count == 3)
        let cut = try Self.read(
            Self.printouts[0].text.replacing(
                "StagingMode                False", with: "Sched…                     False"))
        #expect(!cut.missing.contains(GlobalParameter.schedulerSuspended))
        #expect(cut.isCut(GlobalParameter.schedulerSuspended))
        #expect(!cut.isCut(GlobalParameter.stagingMode))
    }

    @Test(
        "The real export's parameters come back from every shape",
        .enabled(if: realExport != nil, "the real export does not lie beside this package"))
    func real() throws {
        let parameters = try ExportFolder(path: try #require(realExport).path).read().parameters
        let pairs = parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        let printer = PowerShellPrinter()
        for text in [printer.table(pairs), printer.list(pairs), printer.csv(pairs)] {
            let settings = try Self.read(text)
            #expect(settings.parameters == parameters)
            #expect(settings.cut == [] && settings.missing == [])
        }
    }
}
