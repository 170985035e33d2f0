import Documents
import ReleaseContract
import VersionCatalog

@testable import Upgrader

/// One example of every document that this project reads and writes again, with a field that a newer program added.
enum DocumentSamples {
    /// A document's golden file, its first content, and how it is read and written.
    struct Sample: Sendable {
        let name: String
        let json: JSONValue
        let rewrite: @Sendable ([UInt8], String) throws -> JSONValue

        init<D: Document>(_ type: D.Type, _ members: [String: JSONValue]) {
            name = "document-\(D.schemaName).json"
            var all = members
            all["schema"] = .string(D.schema)
            all["later"] = ["by": "a newer program", "values": [1, true]]
            json = .object(all)
            rewrite = { bytes, file in try D(bytes: bytes, file: file).json }
        }
    }

    static let digest = JSONValue.string(String(repeating: "0123456789abcdef", count: 4))
    static let boot: JSONValue = "1f0c9a52-7d1e-4c55-9c1c-0d6a3b1f2e11"
    static let attempt: JSONValue = "20260101T000000Z-1.1.882.0"
    static let process: [String: JSONValue] = ["pid": 4711, "startTime": 123_456, "bootId": boot]

    static let all: [Sample] = contract + reports + upgrader + repository

    private static let contract = [
        Sample(
            PauseLease.self,
            [
                "attempt": attempt, "token": 1_767_225_600_000, "owner": .object(process),
                "expires": "2026-01-01T00:15:00Z", "bootId": boot, "schedulerWasSuspended": false,
                "knownGood": [
                    "generation": 3, "unit": "adsync.service",
                    "serve": ["/opt/adsync/releases/1.1.880.0/bin/adsync", "serve", "--root", "/"],
                    "resume": ["/opt/adsync/releases/1.1.880.0/bin/adsync", "resume", "--root", "/", "--force"],
                ],
            ]),
        Sample(TrialMark.self, ["attempt": attempt, "since": "2026-01-01T00:00:01.250Z"]),
        Sample(OperationRecord.self, process.merging(["verb": "migrate"]) { $1 }),
        Sample(ServiceProcess.self, process.merging(["generation": 3]) { $1 }),
        Sample(ConsoleRecord.self, process.merging(["since": "2026-01-01T00:00:00Z", "user": "anna"]) { $1 }),
        Sample(ReleaseManifest.self, release),
        Sample(
            ChunkList.self,
            [
                "archive": ["name": "adsync-1.1.882.0.tar.zst", "size": 2049, "sha256": digest], "chunkSize": 1024,
                "chunks": [digest, digest, digest],
            ]),
    ]

    static let status: [String: JSONValue] = [
        "serving": true, "generation": 3, "version": "1.1.880.0", "onTrial": false,
        "scheduler": [
            "cycleEnabled": true, "suspended": false, "suspendedBy": "", "staging": false, "cycleInProgress": true,
            "nextPolicy": "Delta", "intervalSeconds": 1800,
        ],
        "cycles": [
            "completed": 41, "lastResult": "success", "fullImportPending": ["{1}"], "fullSynchronizationPending": [],
        ],
        "exports": ["total": 1234],
    ]
    static let health: [String: JSONValue] = [
        "healthy": true,
        "checks": [
            ["name": "database", "status": "ok", "detail": ""],
            ["name": "certificate", "status": "warning", "detail": "ends in 20 days"],
        ],
        "measures": ["exportErrors": 0, "importErrors": 2, "pendingDeletes": 0],
    ]
    static let settings: [String: JSONValue] = [
        "parameters": [
            "Microsoft.Synchronize.StagingMode": "False", "connector.{1}.password": "set", "rule.{2}": digest,
        ]
    ]
    static let facts: [String: JSONValue] = [
        "product": "adsync", "version": "1.1.880.0", "hostName": ["recorded": "sync01", "actual": "SYNC01"],
        "parameters": ["Microsoft.OptionalFeature.AutoUpgradeState": "Enabled"], "account": "uid 990",
        "serviceRunning": true, "configurationInProgress": false, "consoleOpen": false,
        "database": ["bytes": 1_048_576, "writable": true, "kind": "local"],
        "objects": [
            "metaverse": 1234, "byType": ["person": 1200, "device": 34], "linkedMailboxes": 3, "resourceMailboxes": 12,
            "largestGroup": 800,
        ],
        "connectors": [["id": "{1}", "name": "contoso.example", "kind": "ad", "objects": 500]], "customRules": 2,
        "ruleChanges": [
            [
                "kind": "edited", "name": "Out to cloud - User Join", "direction": "outbound", "connector": "cloud",
                "cloud": true, "precedence": 117, "tag": "standard.out.user", "attributes": ["mail", "title"],
                "differences": [["field": "flow title", "server": "description"]],
                "effect": "becomes what the release says",
            ]
        ],
        "healthAgent": ["version": "3.1.2.0", "registration": "a1b2", "uploadEnabled": true],
        "installKind": "express", "signInMethod": "passwordHash", "desktopSingleSignOn": false,
        "securityGroupsPresent": true, "engineConfigurationEdited": false,
        "domains": [
            [
                "connector": "{1}", "name": "contoso.example", "netbiosName": "CONTOSO", "disjoint": false,
                "selected": true, "containerFilter": false,
            ]
        ],
    ]

    private static let reports = [
        Sample(StatusReport.self, status),
        Sample(HealthReport.self, health),
        Sample(SettingsReport.self, settings),
        Sample(FactsReport.self, facts),
        Sample(
            SelfTestReport.self,
            ["passed": false, "checks": [["name": "schema", "status": "failed", "detail": "epoch 3 is not known"]]]),
        Sample(
            SnapshotReport.self,
            [
                "files": [["path": "adsync.db", "size": 1_048_576, "sha256": digest]], "bytes": 1_048_576,
                "copiedBytes": 8192,
            ]),
        Sample(
            MigrateReport.self,
            [
                "from": 1, "to": 2, "steps": ["add precedence"], "fullImport": ["{1}"],
                "fullSynchronization": ["{1}", "{2}"],
            ]),
        Sample(
            RehearseReport.self,
            ["changes": [["objectType": "device", "operation": "delete", "count": 100]], "errors": 0]),
        Sample(SuspendReport.self, ["suspended": true, "suspendedBy": attempt]),
    ]

    static let plan: [String: JSONValue] = [
        "product": "adsync", "from": ["version": "1.1.880.0", "generation": 3],
        "to": ["version": "1.1.882.0", "generation": 4],
        "source": [
            "repository": "https://repository.example/adsync", "signedBy": [digest], "releaseDocument": digest,
            "chunkList": digest,
            "archive": ["path": "adsync-1.1.882.0.tar.zst", "size": 2049, "sha256": digest],
        ],
        "needs": ["unpackedBytes": 5000, "fileCount": 12, "freeDiskBytes": 2_000_000], "dataEpoch": 2,
        "settingsMayChange": ["rule.*"],
        "policy": ["leaseSeconds": 900, "observedCycles": 2, "observationSeconds": 21_600],
    ]

    private static let upgrader = [
        Sample(UpgradePlan.self, plan),
        Sample(
            BaseLine.self,
            [
                "status": document(StatusReport.self, status), "health": document(HealthReport.self, health),
                "settings": document(SettingsReport.self, settings), "facts": document(FactsReport.self, facts),
            ]),
        Sample(
            FailureMemory.self,
            ["releases": [failure], "archives": [failure], "pauses": [failure]]),
        Sample(RescueRecord.self, ["attempt": attempt, "action": "generation 3 put back and started"]),
    ]

    private static let failure: JSONValue = [
        "version": "1.1.882.0", "archive": digest, "attempts": [attempt], "last": "2026-01-01T00:20:00Z",
        "reason": "PostTestFailed",
    ]

    private static let repository = [
        Sample(
            PublishedRepository.self,
            [
                "product": "adsync", "sequence": 7, "published": "2026-01-01T00:00:00Z",
                "expires": "2026-02-01T00:00:00Z",
                "releases": [
                    [
                        "version": "1.1.882.0", "channels": ["auto-upgrade", "stable"],
                        "released": "2025-12-24T00:00:00Z", "notes": "one line", "withdrawn": "deletes devices",
                        "releaseDocument": ["path": "a.release.json", "size": 1, "sha256": digest],
                        "chunkList": ["path": "a.chunks", "size": 2, "sha256": digest],
                        "archive": ["path": "a.tar.zst", "size": 3, "sha256": digest],
                        "risks": [["code": "DeviceDeletion"]], "later": true,
                    ]
                ],
            ])
    ]

    private static let release: [String: JSONValue] = {
        var commands: [String: JSONValue] = [
            "later-verb": ["argv": ["bin/adsync", "later-verb"], "timeoutSeconds": 5]
        ]
        for verb in ControlVerb.allCases {
            commands[verb.rawValue] = ["argv": ["bin/adsync", .string(verb.rawValue)], "timeoutSeconds": 30]
        }
        return [
            "product": "adsync", "version": "1.1.882.0", "platform": "linux-x86_64", "contract": 1,
            "upgradesFrom": "1.1.105.0", "dataSchema": ["reads": [1, 2], "writes": 2],
            "files": [
                ["path": "bin/adsync", "size": 4000, "mode": "0755", "sha256": digest],
                ["path": "rules/rules.json", "size": 1000, "mode": "0644", "sha256": digest, "later": "kept"],
            ],
            "unpackedBytes": 5000, "fileCount": 2, "freeDiskBytes": 1_000_000, "settingsChanged": ["rule.*"],
            "components": [["name": "health-agent", "version": "3.1.2.0"]], "requiresFullImport": false,
            "requiresFullSynchronization": true, "notes": "one line", "commands": .object(commands),
        ]
    }()

    /// A whole release document, for tests to change.
    static let releaseDocument = document(ReleaseManifest.self, release)

    /// A document inside another one.
    private static func document<D: Document>(_ type: D.Type, _ members: [String: JSONValue]) -> JSONValue {
        .object(members.merging(["schema": .string(D.schema)]) { $1 })
    }
}
