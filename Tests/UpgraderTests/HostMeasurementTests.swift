import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing

@testable import Upgrader

struct HostMeasurementTests {
    /// A server's folders with a file in each, as an administrator has them who is careful.
    private static let files = [
        "opt/adsync/releases/1.1.750.0/release.json", "opt/adsync/releases/1.1.750.0/bin/adsync",
        "opt/adsync/releases/1.1.750.0/rules/standard.json", "var/lib/adsync/lease.json",
        "var/lib/adsync/gen/1/data/adsync.db", "var/lib/adsync/gen/1/data/keys/health-agent.key",
        "var/lib/adsync/gen/2/data/adsync.db", "etc/adsync/config.json", "etc/aadc-upgrade/config.json",
        "etc/aadc-upgrade/config.d/10-own.json", "etc/aadc-upgrade/trusted-root.json",
        "var/lib/aadc-upgrade/attempts/1/plan.json", "var/lib/aadc-upgrade/failures.json",
        "var/lib/aadc-upgrade/metadata/1a2b/timestamp.json", "usr/share/aadc-upgrade/trusted-root.json",
    ]

    private func withServer(_ body: (URL, ServerLayout) throws -> Void) throws {
        try withTemporaryFolder { root in
            let before = umask(0o022)
            defer { umask(before) }
            for path in Self.files {
                let file = root.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data().write(to: file)
                #expect(chmod(file.path, 0o644) == 0)
            }
            #expect(symlink("gen/1", root.appending(path: "var/lib/adsync/current").path) == 0)
            try body(root, ServerLayout(root: root.path))
        }
    }

    /// Looks, and expects exactly these.
    private func expectWriters(_ wanted: [String]?, _ layout: ServerLayout) throws {
        let found = try ForeignWriters.find(layout)
        #expect(found == wanted)
    }

    @Test("A careful administrator's server has no foreign writers")
    func careful() throws {
        try withServer { _, layout in try expectWriters([], layout) }
    }

    @Test(
        "What the group or others can write is named, relative to the root",
        arguments: [
            ".", "opt", "opt/adsync/releases", "opt/adsync/releases/1.1.750.0",
            "opt/adsync/releases/1.1.750.0/release.json", "opt/adsync/releases/1.1.750.0/bin/adsync",
            "opt/adsync/releases/1.1.750.0/rules", "var/lib/adsync", "var/lib/adsync/lease.json",
            "var/lib/adsync/gen/2", "var/lib/adsync/gen/1/data", "var/lib/adsync/gen/1/data/adsync.db",
            "var/lib/adsync/gen/1/data/keys", "var/lib/adsync/gen/1/data/keys/health-agent.key", "etc",
            "etc/adsync/config.json", "etc/aadc-upgrade/config.d", "etc/aadc-upgrade/config.d/10-own.json",
            "etc/aadc-upgrade/trusted-root.json", "var/lib/aadc-upgrade", "var/lib/aadc-upgrade/failures.json",
            "var/lib/aadc-upgrade/attempts/1", "var/lib/aadc-upgrade/metadata",
            "var/lib/aadc-upgrade/metadata/1a2b/timestamp.json", "usr/share/aadc-upgrade",
            "usr/share/aadc-upgrade/trusted-root.json",
        ])
    func writable(_ path: String) throws {
        try withServer { root, layout in
            let place = root.appending(path: path).path
            for mode in [mode_t(0o775), 0o757] {
                #expect(chmod(place, mode) == 0)
                try expectWriters([path], layout)
            }
        }
    }

    @Test("What belongs to somebody else is named", .enabled(if: getuid() == 0, "only root can give files away"))
    func owned() throws {
        try withServer { root, layout in
            let keys = root.appending(path: "etc/aadc-upgrade/trusted-root.json").path
            #expect(chown(keys, 65_534, 65_534) == 0)
            try expectWriters(["etc/aadc-upgrade/trusted-root.json"], layout)
            // The account that owns the data may own everything else, beside root.
            #expect(chown(root.appending(path: "var/lib/adsync/gen/1/data").path, 65_534, 65_534) == 0)
            try expectWriters([], layout)
        }
    }

    @Test("A link is not followed, and what everybody may do with it is nobody's fault")
    func links() throws {
        try withServer { root, layout in
            let elsewhere = root.appending(path: "elsewhere")
            try Data().write(to: elsewhere)
            #expect(chmod(elsewhere.path, 0o666) == 0)
            #expect(symlink(elsewhere.path, root.appending(path: "etc/adsync/linked.json").path) == 0)
            try expectWriters([], layout)
        }
    }

    @Test("Ten are named at most")
    func many() throws {
        try withServer { root, layout in
            for number in 0..<30 {
                let file = root.appending(path: "etc/adsync/\(number).json")
                try Data().write(to: file)
                #expect(chmod(file.path, 0o666) == 0)
            }
            #expect(try ForeignWriters.find(layout)?.count == 10)
        }
    }

    @Test("Without a server, nobody knows who could write it")
    func noServer() throws {
        try withTemporaryFolder { root in
            try expectWriters(nil, ServerLayout(root: root.path))
        }
    }

    @Test("The machine is measured below the server's root, folders that are not there yet included")
    func facts() throws {
        try withServer { root, layout in
            try FileManager.default.removeItem(at: root.appending(path: "opt"))
            try Data("MemTotal: 4096 kB\n".utf8).write(to: root.appending(path: "meminfo"))
            let machine = Machine(proc: root.path, sys: root.path)
            let facts = HostMeasurement.facts(layout, machine: machine, addresses: [.version4([10, 0, 0, 1])])
            #expect(facts.memoryBytes == 4_194_304)
            #expect(facts.processorMegahertz == nil)
            #expect(facts.isFIPS == false && facts.isIPv6Only == false && facts.attemptsWritable == true)
            #expect(facts.foreignWriters == [])
            let (free, disk) = (try #require(facts.freeDiskBytes), try #require(facts.diskBytes))
            #expect(0 < free && free <= disk)
            #expect(HostMeasurement.facts(layout, machine: machine, addresses: nil).isIPv6Only == nil)
        }
    }

    @Test("The configuration adds the proxy, and this process its account")
    func measured() throws {
        try withServer { _, layout in
            var configuration = UpgraderConfiguration()
            configuration.proxy = "http://proxy.example:3128"
            configuration.proxyIdleSeconds = 240
            let far = HostMeasurement.measure(layout, configuration, repository: "https://releases.example")
            #expect(far.proxy == .used(idleSeconds: 240))
            #expect(far.userID == Int(getuid()) && far.foreignWriters == [])
            #expect(
                HostMeasurement.measure(layout, configuration, repository: "/srv/releases").proxy == ProxyFacts.none)
        }
    }
}
