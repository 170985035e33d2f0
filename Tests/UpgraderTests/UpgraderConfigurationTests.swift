import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing
import Transfer

@testable import Upgrader

struct UpgraderConfigurationTests {
    /// Writes the given files below `etc/aadc-upgrade` and reads the configuration.
    private func read(_ files: [String: String]) throws -> UpgraderConfiguration {
        try withTemporaryFolder { folder in
            let layout = ServerLayout(root: folder.path)
            try DurableFiles.makeFolders("\(layout.upgraderConfiguration)/config.d", mode: 0o755)
            for (name, text) in files {
                try DurableFiles.replace("\(layout.upgraderConfiguration)/\(name)", Array(text.utf8))
            }
            return try UpgraderConfiguration.read(layout)
        }
    }

    private func merge(_ text: String) throws -> UpgraderConfiguration {
        var configuration = UpgraderConfiguration()
        try configuration.merge(Array(text.utf8), file: "config.json")
        return configuration
    }

    @Test("A server without any configuration has the defaults")
    func defaults() throws {
        try withTemporaryFolder { folder in
            let configuration = try UpgraderConfiguration.read(ServerLayout(root: folder.path))
            #expect(configuration == UpgraderConfiguration())
            #expect(configuration.repository == nil)
            #expect(configuration.channel == "auto-upgrade")
            #expect(!configuration.allowUnsigned)
            #expect(configuration.leaseSeconds == 900)
            #expect(configuration.observedCycles == 2)
            #expect(configuration.generationsKept == 2)
        }
    }

    @Test("Drop-ins are read in the order of their names, and the later one wins, field by field")
    func dropIns() throws {
        let configuration = try read([
            "config.json": #"{"schema":"upgrader-config/1","channel":"stable","leaseSeconds":100,"observedCycles":5}"#,
            "config.d/20-later.json": #"{"schema":"upgrader-config/1","leaseSeconds":300}"#,
            "config.d/10-earlier.json": #"{"schema":"upgrader-config/1","leaseSeconds":200,"channel":"preview"}"#,
            "config.d/30-other.json.disabled": "not read",
            "config.d/README": "not read",
        ])
        #expect(configuration.leaseSeconds == 300)
        #expect(configuration.channel == "preview")
        #expect(configuration.observedCycles == 5)
    }

    @Test("A drop-in needs no main file, and null leaves a setting as it is")
    func dropInAlone() throws {
        let configuration = try read([
            "config.d/a.json": #"{"schema":"upgrader-config/1","leaseSeconds":300,"channel":null}"#
        ])
        #expect(configuration.leaseSeconds == 300)
        #expect(configuration.channel == "auto-upgrade")
    }

    @Test("A setting that is not known is refused by its name, with those that are")
    func unknown() {
        #expect {
            try merge(#"{"schema":"upgrader-config/1","leaseSecond":1}"#)
        } throws: {
            "\($0)".hasPrefix("config.json: leaseSecond: no such setting; known are repository, channel, ")
                && "\($0)".contains("leaseSeconds")
        }
    }

    @Test("The file that is wrong is named, whichever it is")
    func whichFile() {
        #expect {
            try read([
                "config.json": #"{"schema":"upgrader-config/1"}"#,
                "config.d/10-a.json": "{\n \"schema\": \"upgrader-config/1\",\n}",
            ])
        } throws: {
            "\($0)".hasSuffix("/config.d/10-a.json: line 3, column 1: not valid JSON: expected a key in quotes")
        }
    }

    @Test(
        "What is wrong in it is said with place and expectation",
        arguments: [
            ("{}", "schema: expected a string, found nothing"),
            (#"{"schema":"upgrader-config/2"}"#, #"schema: expected "upgrader-config/1", found "upgrader-config/2""#),
            (#"{"schema":"upgrader-config/1","channel":1}"#, "channel: expected a string, found an integer"),
            (
                #"{"schema":"upgrader-config/1","allowUnsigned":"yes"}"#,
                "allowUnsigned: expected true or false, found a string"
            ),
            (#"{"schema":"upgrader-config/1","startTries":"3"}"#, "startTries: expected an integer, found a string"),
            (#"{"schema":"upgrader-config/1","mirrors":"/srv"}"#, "mirrors: expected an array, found a string"),
            (
                #"{"schema":"upgrader-config/1","mirrors":["/srv","ftp://a"]}"#,
                #"mirrors[1]: the scheme "ftp" is not known: give a folder, or an address that begins with file://, "#
                    + "http:// or https://"
            ),
        ])
    func refused(_ text: String, _ problem: String) {
        #expect {
            try merge(text)
        } throws: {
            "\($0)" == "config.json: \(problem)"
        }
    }

    @Test("All that it says about transfers reaches the transfers")
    func transfers() throws {
        var expected = TransferSettings()
        #expect(UpgraderConfiguration().transferSettings == expected)
        let settings = try merge(
            """
            {"schema":"upgrader-config/1","proxy":"http://p","noProxy":"n","proxyCredentialsFile":"/c",
             "certificateAuthorities":"/a","clientCertificate":"/b","clientKey":"/k","clientKeyPasswordFile":"/w",
             "bandwidthBytesPerSecond":1,"lowSpeedSeconds":2,"lowSpeedBytesPerSecond":3,"connectSeconds":4,
             "documentSeconds":5,"transferSeconds":6,"transferTotalSeconds":7,"transferTries":8}
            """
        ).transferSettings
        expected.proxy = .address("http://p", noProxy: "n")
        (expected.proxyCredentialsFile, expected.certificateAuthorities) = ("/c", "/a")
        (expected.clientCertificate, expected.clientKey, expected.clientKeyPasswordFile) = ("/b", "/k", "/w")
        expected.bandwidthBytesPerSecond = 1
        (expected.limits.lowSpeedSeconds, expected.limits.lowSpeedBytesPerSecond) = (2, 3)
        (expected.limits.connectSeconds, expected.limits.documentSeconds) = (4, 5)
        (expected.limits.archiveSeconds, expected.limits.wholeSeconds, expected.limits.attempts) = (6, 7, 8)
        #expect(settings == expected)
    }

    @Test(
        "Every number has its limits, and both of them are allowed",
        arguments: [
            ("leaseSeconds", 1, 86_400), ("idleWaitSeconds", 0, 86_400), ("observedCycles", 1, 100),
            ("observationSeconds", 1, 2_592_000), ("generationsKept", 2, 100), ("releasesKept", 2, 100),
            ("freeDiskReserve", 0, 1_125_899_906_842_624), ("startTries", 1, 20), ("startWaitSeconds", 1, 3600),
            ("stopWaitSeconds", 1, 3600), ("lowSpeedSeconds", 1, 86_400), ("transferSeconds", 1, 604_800),
            ("bandwidthBytesPerSecond", 0, 1 << 40), ("lowSpeedBytesPerSecond", 1, 1 << 30),
            ("connectSeconds", 1, 3600), ("documentSeconds", 1, 86_400), ("transferTotalSeconds", 1, 2_592_000),
            ("transferTries", 1, 100),
        ])
    func limits(_ key: String, _ least: Int, _ most: Int) throws {
        for number in [least, most] {
            #expect(throws: Never.self) { try merge(#"{"schema":"upgrader-config/1","\#(key)":\#(number)}"#) }
        }
        for number in [least - 1, most + 1] {
            #expect {
                try merge(#"{"schema":"upgrader-config/1","\#(key)":\#(number)}"#)
            } throws: {
                "\($0)" == "config.json: \(key): expected a number from \(least) to \(most), found \(number)"
            }
        }
    }
}
