import Documents
import ReleaseContract
import Testing

@testable import VersionCatalog

/// Criteria over facts, in three values.
struct CriterionTests {
    static let yes = Criterion.fact(.property(.fips), .isFlag(true))
    static let no = Criterion.fact(.property(.fips), .isFlag(false))
    static let open = Criterion.fact(.property(.ipv6Only), .isFlag(true))

    static func lookUp(_ name: FactName) -> Fact {
        switch name {
        case .property(.fips): .known(.flag(true), evidence: "on")
        case .property(.proxyIdleSeconds): .absent("no proxy")
        default: .unknown("not told")
        }
    }

    @Test(
        "What is unknown stays unknown unless the rest decides without it",
        arguments: [
            (Criterion.all([yes, yes]), true), (.all([yes, no]), false), (.all([yes, open]), nil),
            (.all([open, no]), false), (.any([no, no]), false), (.any([no, yes]), true), (.any([no, open]), nil),
            (.any([open, yes]), true), (.not(yes), false), (.not(no), true), (.not(open), nil),
            (.not(.all([open, no])), true),
        ] as [(Criterion, Bool?)])
    func threeValues(_ criterion: Criterion, _ expected: Bool?) {
        #expect(criterion.judge(Self.lookUp).holds == expected)
    }

    @Test("The evidence is that of the parts which decided, or of what is missing")
    func evidence() {
        #expect(Criterion.all([Self.open, Self.no]).judge(Self.lookUp).evidence == ["on"])
        #expect(Criterion.all([Self.yes, Self.open]).judge(Self.lookUp).evidence == ["not told"])
        #expect(Criterion.all([Self.yes, Self.yes]).judge(Self.lookUp).text == "on; on")
    }

    @Test("No test of what is not there holds, and that is told apart from a pass")
    func absent() {
        let judgement = Criterion.fact(.property(.proxyIdleSeconds), .isBelow(300)).judge(Self.lookUp)
        #expect(judgement.holds == false)
        #expect(judgement.isAbsent)
    }

    @Test(
        "A test holds for the values that it is about, and judges no others",
        arguments: [
            (FactTest.isFlag(true), FactValue.text("TRUE"), true), (.isFlag(true), .text("perhaps"), nil),
            (.isFlag(false), .flag(false), true), (.isText("a"), .text("b"), false),
            (.isOtherThan("a"), .text("b"), true), (.isOver(5), .number(5), false), (.isOver(5), .number(6), true),
            (.isAtLeast(5), .number(5), true), (.isBelow(5), .number(5), false), (.isBelow(5), .text("4"), true),
            (.isOver(500), .text("1000"), true), (.isOver(500), .text("many"), nil), (.isOver(5), .flag(true), nil),
            (.isVersion(ProductVersion(1, 2, 3, 4)), .version(ProductVersion(1, 2, 3, 4)), true),
            (.isVersionBelow(ProductVersion(1, 2, 3, 4)), .version(ProductVersion(1, 2, 3, 4)), false),
            (.isVersionBelow(ProductVersion(1, 2, 3, 4)), .version(ProductVersion(1, 2, 3, 3)), true),
            (.isVersionBelow(ProductVersion(1, 2, 3, 4)), .text("1.2.3.3"), nil),
        ] as [(FactTest, FactValue, Bool?)])
    func tests(_ test: FactTest, _ value: FactValue, _ expected: Bool?) {
        #expect(test.holds(for: value) == expected)
    }

    @Test(
        "Facts have names of one, two or three words",
        arguments: [
            ("version", FactName.property(.version)), ("parameter A.B", .parameter("A.B", absentMeansFalse: false)),
            ("parameter A.B!", .parameter("A.B", absentMeansFalse: true)), ("objects device", .objects("device")),
            ("flow mail", .flow("mail")), ("rule Microsoft.X cloned", .rule(tag: "Microsoft.X", change: .cloned)),
        ])
    func names(_ text: String, _ name: FactName) {
        #expect(FactName(text) == name)
    }

    @Test(
        "Other names are none",
        arguments: ["", "nothing", "parameter", "objects", "rule X painted", "version now", "flow a b", " version"])
    func strangers(_ text: String) {
        #expect(FactName(text) == nil)
    }

    @Test("A criterion is read with the place of a mistake")
    func reading() throws {
        func read(_ text: String) throws -> Criterion {
            try Criterion(FieldReader(JSONParser.parse(Array(text.utf8)), file: "f"))
        }
        let nested = try read(
            #"{"any": [{"not": {"fact": "host.fips", "flag": true}}, {"all": [{"fact": "version", "version": "1.0.0.0"}, {"fact": "flow a", "over": 0}]}]}"#
        )
        #expect(nested.facts == [.property(.fips), .property(.version), .flow("a")])
        let error = try #require(throws: DocumentError.self) {
            try read(#"{"any": [{"fact": "host.fips", "flag": true}, {"fact": "host.fibs", "flag": true}]}"#)
        }
        #expect(error.place == "any[1].fact")
    }
}
