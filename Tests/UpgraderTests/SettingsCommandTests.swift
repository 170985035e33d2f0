import Documents
import Foundation
import SyncConfiguration
import TestSupport
import Testing

/// Runs the real program on printed settings.
struct SettingsCommandTests {
    private static let table = """
        Name                                             Value
        ----                                             -----
        Microsoft.OptionalFeature.AutoUpgradeState       Suspended
        Microsoft.Synchronize.ServerConfigurationVersion 1.1.130.0
        Microsoft.Synchronize.StagingMode                Fal…
        """

    private func check(_ bytes: Data?, _ arguments: [String] = []) throws -> ProgramResult {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "settings.txt")
            try bytes?.write(to: file)
            let result = try run(builtProgram("aadc-upgrade"), ["check", "--settings", file.path] + arguments)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == (bytes == nil ? [] : ["settings.txt"]))
            return result
        }
    }

    @Test("Printed settings are judged, in every encoding of a redirection", arguments: [String.Encoding.utf8, .utf16])
    func judged(_ encoding: String.Encoding) throws {
        let result = try check(Self.table.data(using: encoding), ["--format", "json"])
        #expect(result.status == 78, "\(result.errors)")
        let report = try JSONParser.parse(result.output)
        #expect(report["code"]?.string == "UpgradeNotSupportedVersionBelowFloor")
        #expect(result.output.contains("Microsoft.Synchronize.StagingMode is cut in the printout"))
        #expect(result.errors.isEmpty)
    }

    @Test(
        "What is no printout ends in one line, with its status",
        arguments: [(nil, 66), ("", 65), ("nothing", 65), ("Name,Value\n\"Microsoft.A\",\"b", 65)] as [(String?, Int)])
    func refused(_ text: String?, _ status: Int) throws {
        let result = try check(text.map { Data($0.utf8) })
        #expect(result.status == status)
        #expect(result.output.isEmpty)
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(result.errors.contains("settings.txt") && result.errors.contains("Get-ADSyncGlobalSettings"))
    }
}
