import Foundation
import LinuxHost
import TestSupport
import Testing

struct MachineTests {
    /// A machine whose kernel shows these files.
    private func machine(_ files: [String: String], _ body: (Machine) throws -> Void) throws {
        try withTemporaryFolder { folder in
            for (path, text) in files {
                let file = folder.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            try body(Machine(proc: folder.appending(path: "proc").path, sys: folder.appending(path: "sys").path))
        }
    }

    @Test(
        "Memory is what the kernel manages",
        arguments: [
            ("MemTotal:       16384 kB\nMemFree:  12 kB\n", 16_777_216), ("MemTotalX: 5 kB\nMemTotal: 7 kB", 7168),
            ("MemFree: 12 kB\n", nil), ("MemTotal: 12 pages\n", nil), ("", nil),
        ])
    func memory(_ text: String, _ bytes: Int?) throws {
        try machine(["proc/meminfo": text]) { #expect($0.memoryBytes == bytes) }
    }

    @Test(
        "A processor's speed is the most it can have, else what it has now, else unknown",
        arguments: [
            (
                [
                    "sys/devices/system/cpu/cpufreq/policy0/cpuinfo_max_freq": "1800000\n",
                    "sys/devices/system/cpu/cpufreq/policy4/cpuinfo_max_freq": "3600000\n",
                    "proc/cpuinfo": "cpu MHz : 800.0\n",
                ], 3600
            ),
            (["proc/cpuinfo": "processor : 0\ncpu MHz\t\t: 1200.5\n\nprocessor : 1\ncpu MHz\t\t: 2699.998\n"], 2699),
            (["sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq": "1800000\n"], nil),
            (["proc/cpuinfo": "BogoMIPS : 50.0\n"], nil), ([:], nil),
        ] as [([String: String], Int?)])
    func speed(_ files: [String: String], _ megahertz: Int?) throws {
        try machine(files) { #expect($0.processorMegahertz == megahertz) }
    }

    @Test("FIPS mode is on where the kernel says 1, and off in a kernel without it", arguments: ["1\n", "0\n", nil])
    func fips(_ text: String?) throws {
        let files = text.map { ["proc/sys/crypto/fips_enabled": $0] } ?? [:]
        try machine(files) { #expect($0.isFIPS == (text == "1\n")) }
    }

    @Test("This machine has memory")
    func thisMachine() throws {
        #expect(try #require(Machine().memoryBytes) > 1 << 26)
    }

    private static let loopback4 = InterfaceAddress.version4([127, 0, 0, 1])
    private static let loopback6 = InterfaceAddress.version6([UInt8](repeating: 0, count: 15) + [1])
    private static let linkLocal4 = InterfaceAddress.version4([169, 254, 3, 4])
    private static let linkLocal6 = InterfaceAddress.version6([0xFE, 0x80] + [UInt8](repeating: 1, count: 14))
    private static let private4 = InterfaceAddress.version4([10, 0, 0, 5])
    private static let private6 = InterfaceAddress.version6([0xFD, 0] + [UInt8](repeating: 1, count: 14))
    private static let global6 = InterfaceAddress.version6([0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 1, count: 12))

    @Test(
        "A machine is on IPv6 alone where it reaches others with that and with nothing else",
        arguments: [
            ([loopback4, loopback6], false), ([], false), ([loopback4, loopback6, linkLocal6], false),
            ([loopback4, global6], true), ([loopback4, linkLocal4, private6], true), ([global6, private4], false),
            ([private4], false), ([private4, linkLocal6], false),
        ])
    func version6(_ addresses: [InterfaceAddress], _ isOnly: Bool) {
        #expect(InterfaceAddress.areVersion6Only(addresses) == isOnly)
    }

    @Test("This machine has its loopback address")
    func addresses() throws {
        #expect(try InterfaceAddress.current().contains(Self.loopback4))
    }

    @Test(
        "Who may write a file shows in its mode and its owner",
        arguments: [(0o644, false), (0o600, false), (0o664, true), (0o602, true), (0o777, true), (0o4755, false)])
    func rights(_ mode: Int, _ isForeign: Bool) throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "file").path
            #expect(try FileRights(file) == nil)
            try Data().write(to: URL(filePath: file))
            #expect(chmod(file, mode_t(mode)) == 0)
            let rights = try #require(try FileRights(file))
            #expect(rights.mode == mode && rights.kind == .file(bytes: 0))
            #expect(rights.canBeWritten(byOthersThan: [rights.owner]) == isForeign)
            #expect(rights.canBeWritten(byOthersThan: [rights.owner + 1]))
            let link = folder.appending(path: "link").path
            #expect(symlink(file, link) == 0)
            #expect(try FileRights(link)?.canBeWritten(byOthersThan: [Int(getuid())]) == false)
        }
    }
}
