import Documents
import Foundation
import SyncConfiguration
import TestSupport
import Testing

/// Two servers that should be alike.
struct ServerComparisonTests {
    typealias Row = ServerComparison.Row

    static let active: ServerConfiguration = {
        let small = ComparedServer()
        var connectors = small.connectors
        connectors[0].forest = .init(name: "a.example", domain: "a.example", user: "MSOL_1")
        connectors[0].partitions = [
            .init(
                name: "DC=a,DC=example", isSelected: true, objectClasses: ["user", "group"],
                includedContainers: ["OU=Staff,DC=a,DC=example"], excludedContainers: ["OU=Old,DC=a,DC=example"],
                parameters: [
                    .init("cookie", "abc", use: "partition"), .init("last-dc", "DC1", use: "partition"),
                    .init("sign-and-seal", "1", use: "partition"),
                ]),
            .init(name: "DC=lab,DC=example", isSelected: false),
        ]
        connectors[0].includedAttributes = ["givenName", "mail"]
        connectors[0].parameters = [
            .init("password", "never shown", use: "connectivity", isEncrypted: true),
            .init("forest-login-user", "MSOL_1", use: "connectivity"),
            .init("Own.Value", "1", use: "global"),
        ]
        return ServerConfiguration(
            serverName: "SYNC01", exportDate: "2026-01-02 03:04:05.678",
            parameters: [
                GlobalParameter.serverConfigurationVersion: "2.5.79.0", GlobalParameter.stagingMode: "False",
                "Microsoft.Synchronize.NextStartTime": "Fri, 02 Jan 2026 03:30:00 GMT",
                "Microsoft.OptionalFeature.PasswordHashSync": "True", "Microsoft.Example.Empty": "",
                "Microsoft.OptionalFeature.ExportDeletionThresholdValue": "500",
            ], metaverse: DirectorySchema(), connectors: connectors, rules: small.rules)
    }()

    /// The same server as another machine has it: all identifiers and the order of everything are others.
    static let staging: ServerConfiguration = {
        var other = active
        other.serverName = "SYNC02"
        other.exportDate = "2026-01-02 04:04:05.678"
        var names: [String: String] = [:]
        for place in other.connectors.indices where other.connectors[place].kind != .cloud {
            let id = "{33333333-0000-0000-0000-00000000000\(place)}"
            names[other.connectors[place].id] = id
            other.connectors[place].id = id
            other.connectors[place].version = 9
        }
        for place in other.rules.indices {
            other.rules[place].id = ComparedServer.identifier(300 - place)
            other.rules[place].connector = names[other.rules[place].connector] ?? other.rules[place].connector
        }
        other.rules.reverse()
        other.connectors.reverse()
        return other
    }()

    /// One difference between the two, as rows of a section.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kind: ServerComparison.Section.Kind
        let rows: [String]
        let edit: @Sendable (inout ServerConfiguration) -> Void

        init(
            _ name: String, _ kind: ServerComparison.Section.Kind, _ rows: [String],
            _ edit: @escaping @Sendable (inout ServerConfiguration) -> Void
        ) {
            testDescription = name
            self.kind = kind
            self.rows = rows
            self.edit = edit
        }
    }

    private static func line(_ row: Row) -> String {
        "\(row.of.map { "\($0): " } ?? "")\(row.what) | \(ServerComparison.shown(row.left)) | "
            + ServerComparison.shown(row.right)
    }

    private static func directory(
        _ edit: @escaping @Sendable (inout Connector) -> Void
    ) -> @Sendable (inout ServerConfiguration) -> Void {
        { server in
            for place in server.connectors.indices where server.connectors[place].name == "a.example" {
                edit(&server.connectors[place])
            }
        }
    }

    private static func rule(
        _ name: String, _ edit: @escaping @Sendable (inout SynchronizationRule) -> Void
    ) -> @Sendable (inout ServerConfiguration) -> Void {
        { server in
            for place in server.rules.indices where server.rules[place].name == name {
                edit(&server.rules[place])
                return
            }
        }
    }

    static let cases: [Case] = [
        Case("version", .version, ["version | 2.5.79.0 | 2.6.3.0"]) {
            $0.parameters[GlobalParameter.serverConfigurationVersion] = "2.6.3.0"
        },
        Case("no version", .version, ["version | 2.5.79.0 | —"]) {
            $0.parameters[GlobalParameter.serverConfigurationVersion] = nil
        },
        Case(
            "settings", .settings,
            [
                "Microsoft.Example.Empty | (empty) | —", "Microsoft.Example.New | — | (empty)",
                "Microsoft.OptionalFeature.ExportDeletionThresholdValue | 500 | 5000",
                "Microsoft.OptionalFeature.PasswordHashSync | True | False",
            ]
        ) {
            $0.parameters["Microsoft.Example.Empty"] = nil
            $0.parameters["Microsoft.Example.New"] = ""
            $0.parameters["Microsoft.OptionalFeature.ExportDeletionThresholdValue"] = "5000"
            $0.parameters["Microsoft.OptionalFeature.PasswordHashSync"] = "False"
        },
        Case("a secret", .settings, ["Microsoft.Example.ClientSecret | — | (not shown)"]) {
            $0.parameters["Microsoft.Example.ClientSecret"] = "hunter2"
        },
        Case(
            "its own", .own,
            [
                "Microsoft.Synchronize.NextStartTime | Fri, 02 Jan 2026 03:30:00 GMT | —",
                "Microsoft.Synchronize.StagingMode | False | True",
            ]
        ) {
            $0.parameters["Microsoft.Synchronize.NextStartTime"] = nil
            $0.parameters[GlobalParameter.stagingMode] = "True"
        },
        Case(
            "its own accounts", .own,
            [
                #"a.example: account | a.example\MSOL_1 | a.example\MSOL_2"#,
                "a.example: partition DC=a,DC=example: parameter last-dc | DC1 | DC2",
                "a.example: parameter forest-login-user | MSOL_1 | MSOL_2",
            ],
            directory {
                $0.forest?.user = "MSOL_2"
                $0.partitions[0].parameters[1].value = "DC2"
                $0.parameters[1].value = "MSOL_2"
            }),
        Case("a connector", .connectors, ["connector c.example | — | Active Directory"]) {
            $0.connectors.append(Connector(id: "{c}", name: "c.example", category: "AD", subtype: "", version: 1))
        },
        Case(
            "partitions and containers", .connectors,
            [
                "a.example: partition DC=a,DC=example: object class contact | — | read",
                "a.example: partition DC=a,DC=example: object class group | read | —",
                "a.example: partition DC=a,DC=example: included container OU=New,DC=a,DC=example | — | listed",
                "a.example: partition DC=a,DC=example: excluded container OU=Old,DC=a,DC=example | listed | —",
                "a.example: partition DC=a,DC=example: parameter sign-and-seal | 1 | 0",
                "a.example: partition DC=lab,DC=example | not selected | selected",
                "a.example: partition DC=more | — | selected",
            ],
            directory {
                $0.partitions[0].objectClasses = ["User", "contact"]
                $0.partitions[0].includedContainers.append("OU=New,DC=a,DC=example")
                $0.partitions[0].excludedContainers = []
                $0.partitions[0].parameters[2].value = "0"
                $0.partitions[1].isSelected = true
                $0.partitions.append(.init(name: "DC=more", isSelected: true))
            }),
        Case(
            "attributes and parameters", .connectors,
            [
                "a.example: attribute employeeType | — | read", "a.example: attribute mail | read | —",
                "a.example: parameter Own.Value | 1 | 2", "a.example: parameter password | (encrypted) | —",
            ],
            directory {
                $0.includedAttributes = ["GIVENNAME", "employeeType"]
                $0.parameters[2].value = "2"
                $0.parameters.remove(at: 0)
            }),
        Case(
            "a rule's content", .rules,
            [
                "User Common (inbound, a.example): switched on | yes | no",
                "User Common (inbound, a.example): tag | Product.UserCommon.003 | Product.UserCommon.004",
                "User Common (inbound, a.example): link type | join | stickyJoin",
                "User Common (inbound, a.example): flow givenName | attribute givenName | —",
                "User Common (inbound, a.example): flow zip | — | attribute postalCode",
            ]
        ) { server in
            let id = server.connectors.first { $0.name == "a.example" }?.id
            for place in server.rules.indices
            where server.rules[place].name == "User Common" && server.rules[place].connector == id {
                server.rules[place].isDisabled = true
                server.rules[place].linkType = .stickyJoin
                server.rules[place].record.immutableTag = "Product.UserCommon.004"
                server.rules[place].flows[0] = AttributeFlow("zip", .direct("postalCode"))
            }
        },
        Case(
            "a name", .rules,
            [
                "Identity (outbound, tenant): name | Out User Identity | Identity",
                "Identity (outbound, tenant): description | about Out User Identity | —",
            ],
            rule("Out User Identity") {
                $0.name = "Identity"
                $0.record.description = ""
            }),
        Case(
            "another rule", .rules,
            [
                "rule Out User Identity (outbound, tenant) | precedence 104, 1 flow | —",
                "rule Own (outbound, tenant) | — | precedence 7, 0 flows, switched off",
            ],
            rule("Out User Identity") {
                $0.name = "Own"
                $0.record.immutableTag = ""
                $0.flows = []
                $0.isDisabled = true
                $0.precedence = 7
            }),
    ]

    @Test("Each kind of difference is found where it belongs, and mirrored with the sides exchanged", arguments: cases)
    func differences(_ one: Case) throws {
        var other = Self.staging
        one.edit(&other)
        let comparison = ServerComparison.make(Self.active, other)
        #expect(comparison[one.kind]?.rows.map(Self.line) == one.rows)
        #expect(comparison.sections.filter { !$0.rows.isEmpty }.map(\.kind) == [one.kind])
        #expect(comparison.differs == (one.kind != .own))
        try expectMirror(Self.active, other)
        #expect(!comparison.json.line.contains("never shown"))
        #expect(!comparison.json.line.contains("hunter2"))
    }

    private func expectMirror(_ left: ServerConfiguration, _ right: ServerConfiguration) throws {
        let one = ServerComparison.make(left, right)
        let other = ServerComparison.make(right, left)
        #expect(one.left == other.right)
        #expect(one.sections.map(\.counts) == other.sections.map(\.counts))
        for (section, mirrored) in zip(one.sections, other.sections) {
            #expect(section.rows.map(\.what) == mirrored.rows.map(\.what))
            #expect(section.rows.map(\.of) == mirrored.rows.map(\.of))
            #expect(section.rows.map(\.left) == mirrored.rows.map(\.right))
            #expect(section.rows.map(\.right) == mirrored.rows.map(\.left))
        }
    }

    @Test("A server and itself, and the same on another machine with other identifiers, do not differ")
    func same() {
        for (left, right) in [(Self.active, Self.active), (Self.active, Self.staging), (Self.staging, Self.active)] {
            let comparison = ServerComparison.make(left, right)
            #expect(comparison.sections.flatMap(\.rows) == [])
            #expect(!comparison.differs)
            #expect(comparison.sections.map(\.kind) == ServerComparison.Section.Kind.allCases)
        }
    }

    @Test("Other numbers in the same order are no difference, another order is")
    func precedences() throws {
        var other = Self.staging
        for place in other.rules.indices { other.rules[place].precedence += 10 }
        let numbers = ServerComparison.make(Self.active, other)
        #expect(numbers[.precedences]?.rows.count == 5)
        #expect(
            numbers[.precedences]?.rows.first.map(Self.line) == "rule Out User Identity (outbound, tenant) | 104 | 114")
        #expect(numbers[.precedences]?.counts == false)
        #expect(!numbers.differs)
        try expectMirror(Self.active, other)

        let places = other.rules.indices.filter { other.rules[$0].name == "User Join" }
        #expect(places.count == 2)
        let first = other.rules[places[0]].precedence
        other.rules[places[0]].precedence = other.rules[places[1]].precedence
        other.rules[places[1]].precedence = first
        let order = ServerComparison.make(Self.active, other)
        #expect(order[.precedences]?.counts == true)
        #expect(order.differs)
        try expectMirror(Self.active, other)
        // An outbound rule does not rank among the inbound ones.
        other = Self.staging
        let outbound = try #require(other.rules.firstIndex { $0.direction == .outbound })
        other.rules[outbound].precedence = 1
        #expect(ServerComparison.make(Self.active, other)[.precedences]?.counts == false)
    }

    @Test("An identifier of a connector inside a rule is the other server's one there")
    func identifiers() {
        func server(_ server: ServerConfiguration, _ name: String, uppercased: Bool = false) -> ServerConfiguration {
            var server = server
            let id = server.connectors.first { $0.name == name }?.id ?? ""
            for place in server.rules.indices where server.rules[place].name == "Out User Identity" {
                let text = "IIF([x] = \"\(uppercased ? id.uppercased() : id)\", 1, 2)"
                server.rules[place].flows = [
                    AttributeFlow("a", .expression(text)), AttributeFlow("b", .constant(id)),
                ]
                server.rules[place].scope = [[ScopeClause("c", .equal, id)]]
            }
            return server
        }
        let left = server(Self.active, "a.example")
        #expect(!ServerComparison.make(left, server(Self.staging, "a.example", uppercased: true)).differs)
        #expect(
            ServerComparison.make(left, server(Self.staging, "b.example"))[.rules]?.rows.map(\.what) == [
                "scope, group 1", "flow a", "flow b",
            ])
    }

    @Test("Rules of one name go together by content, whatever their order")
    func sameNames() throws {
        var left = Self.active
        var right = Self.staging
        for isLeft in [true, false] {
            let rules = isLeft ? left.rules : right.rules
            var copy = try #require(rules.first { $0.name == "Out User Identity" })
            copy.id = ComparedServer.identifier(isLeft ? 1 : 999)
            copy.precedence = isLeft ? 190 : 20
            copy.isDisabled = true
            copy.flows = []
            if isLeft { left.rules.append(copy) } else { right.rules.append(copy) }
        }
        #expect(ServerComparison.make(left, right)[.rules]?.rows == [])
        try expectMirror(left, right)
        right.rules.removeLast()
        #expect(
            ServerComparison.make(left, right)[.rules]?.rows.map(Self.line) == [
                "rule Out User Identity (outbound, tenant) | precedence 190, 0 flows, switched off | —"
            ])
    }

    @Test("Planted differences of any kind together are mirrored, in any order of the parts")
    func permutations() throws {
        var right = Self.staging
        for one in Self.cases { one.edit(&right) }
        let expected = ServerComparison.make(Self.active, right)
        #expect(expected.sections.filter { !$0.rows.isEmpty }.count >= 5)
        try expectMirror(Self.active, right)
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20 {
            var other = right
            other.rules.shuffle(using: &generator)
            other.connectors.shuffle(using: &generator)
            for place in other.connectors.indices {
                other.connectors[place].partitions.shuffle(using: &generator)
                other.connectors[place].includedAttributes.shuffle(using: &generator)
                other.connectors[place].parameters.shuffle(using: &generator)
            }
            #expect(ServerComparison.make(Self.active, other) == expected)
        }
    }
}
