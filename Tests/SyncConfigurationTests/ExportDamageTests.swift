import Foundation
import SyncConfiguration
import TestSupport
import Testing

/// What is done to one file of a small export, and what the error must name.
struct Damage: Sendable, CustomTestStringConvertible {
    let what: String
    let file: String
    let from: String
    let to: String
    let line: Int
    let element: String?
    let words: String

    init(_ what: String, _ file: String, _ from: String, _ to: String, line: Int, _ element: String?, _ words: String) {
        self.what = what
        self.file = file
        self.from = from
        self.to = to
        self.line = line
        self.element = element
        self.words = words
    }

    /// Damage to the rule, whose lines are where its text has them.
    static func rule(
        _ what: String, _ from: String, _ to: String, line: Int, _ element: String?, _ words: String
    ) -> Damage {
        Damage(what, SmallExport.ruleFile, from, to, line: line, element, words)
    }

    var testDescription: String { what }
}

struct ExportDamageTests {
    static let xml = [
        Damage("an end tag is missing", SmallExport.settings, "</mv-data>", "", line: 13, nil, "end tag"),
        .rule("the file is cut off", "</synchronizationRule>", "", line: 22, nil, "ends before"),
        .rule("another document", "synchronizationRule>", "html>", line: 1, "html", "expected <synchronizationRule>"),
        Damage("an undefined entity", SmallExport.settings, "&amp;", "&passwd;", line: 12, "parameter", "entity"),
        Damage("a number beyond characters", SmallExport.settings, "&amp;", "&#x110000;", line: 12, nil, "entity"),
        Damage("a signed number", SmallExport.settings, "&amp;", "&#+38;", line: 12, nil, "entity"),
        Damage("a lone ampersand", SmallExport.settings, "&amp;", "& ", line: 12, nil, "entity"),
        Damage("a zero character", SmallExport.settings, "&amp;", "&#0;", line: 12, nil, "entity"),
        Damage("a control character", SmallExport.settings, "a &amp;", "a \u{1}", line: 12, nil, "not allow"),
        .rule("an attribute twice", "execute-once=\"true\"", "a=\"1\" a='2'", line: 14, "mapping", "twice"),
        .rule("an attribute without quotes", "execute-once=\"true\"", "execute-once=true", line: 14, "mapping", "quot"),
        .rule(
            "an attribute without a value", "execute-once=\"true\"", "execute-once", line: 14, "mapping", "expected ="),
        .rule("no space", "execute-once=\"true\"", "a=\"1\"b=\"2\"", line: 14, "mapping", "space"),
        .rule("a tag inside a value", "execute-once=\"true\"", "execute-once=\"<true\"", line: 14, "mapping", "<"),
        .rule("a name with a digit", "<name>", "<1name>", line: 3, nil, "name"),
        .rule("a CDATA section's end alone", "Own", "]]>", line: 3, "name", "]]>"),
        .rule("a CDATA section without an end", "Own", "<![CDATA[", line: 3, "name", "CDATA"),
        .rule("a comment in a comment", "Own", "<!-- a -- b -->", line: 3, "name", "--"),
        .rule("a declaration", "Own", "<!ELEMENT a>", line: 3, "name", "declaration"),
        .rule(
            "two documents in one", "</synchronizationRule>", "</synchronizationRule><a/>", line: 22, nil, "two files"),
        .rule("a second beginning", "<name>", "<?xml version=\"1.0\"?><name>", line: 3, nil, "two files"),
        .rule("crossed tags", "</name>", "</nome>", line: 3, "nome", "does not match"),
    ]

    static let settings = [
        Damage(
            "a parameter twice", SmallExport.settings, "Microsoft.Example.Text", "Microsoft.Synchronize.TimeInterval",
            line: 12, "parameter", "twice"),
        Damage(
            "no parameter", SmallExport.settings, "parameter-values", "values", line: 2, "saved-mv-configuration",
            "parameter-values"),
        Damage(
            "no server name", SmallExport.settings, "server='SYNC01'", "", line: 2, "saved-mv-configuration", "server"),
        Damage("no such attribute", SmallExport.settings, "#b", "#z", line: 5, "dsml:attribute", "#z"),
        Damage("an attribute defined twice", SmallExport.settings, "id='b'", "id='a'", line: 6, nil, "twice"),
        Damage(
            "neither single nor multiple", SmallExport.settings, "single-value='false'", "single-value='some'", line: 6,
            "dsml:attribute-type", "true or false"),
        Damage(
            "an attribute without a syntax", SmallExport.settings, "dsml:syntax", "dsml:form", line: 6,
            "dsml:attribute-type", "syntax"),
        Damage(
            "an identifier without braces", SmallExport.forestFile, SmallExport.forest, "1", line: 1, "id", "identifier"
        ),
        Damage(
            "an identifier with a letter beyond F", SmallExport.forestFile, "{1111", "{g111", line: 1, "id",
            "identifier"),
        Damage("no name", SmallExport.forestFile, "<name>example.org</name>", "", line: 1, "ma-data", "name"),
        Damage("a version in words", SmallExport.cloudFile, ">7<", ">seven<", line: 1, "version", "whole number"),
    ]

    static let rules: [Damage] = [
        .rule("an unknown direction", "Inbound", "Sideways", line: 6, "direction", "Inbound, Outbound"),
        .rule("a precedence in words", ">50<", ">high<", line: 12, "precedence", "whole number"),
        .rule("a precedence below zero", ">50<", ">-1<", line: 12, "precedence", "0 or more"),
        .rule("no link type", "linkType>", "link>", line: 1, "synchronizationRule", "linkType"),
        .rule("an unknown link type", "StickyJoin", "Weld", line: 11, "linkType", "Join, Provision, StickyJoin"),
        .rule("neither enabled nor disabled", ">True<", ">perhaps<", line: 7, "disabled", "True or False"),
        .rule("no name", "In from AD - Own", "", line: 3, "name", "found nothing"),
        .rule("a name twice", "<description />", "<name>b</name>", line: 4, "name", "twice"),
        .rule("no object type", ">user<", "><", line: 9, "sourceObjectType", "found nothing"),
        .rule("a connector by name", "{11111111-2222-3333-4444-555555555555}", "ad", line: 8, "connector", "braces"),
        .rule("no destination", "<dest>a</dest>", "", line: 13, "mapping", "dest"),
        .rule("an empty destination", "<dest>a</dest>", "<dest/>", line: 13, "dest", "name"),
        .rule("two destinations", "<dest>a</dest>", "<dest>a</dest><dest>c</dest>", line: 13, "dest", "twice"),
        .rule(
            "an unknown merge type", "Merge</value", "Blend</value", line: 15, "valueMergeType", "MergeCaseInsensitive"),
        .rule(
            "no merge type", "<valueMergeType>Update</valueMergeType>", "", line: 13, "mapping", "valueMergeType"),
        .rule(
            "two sources without an expression", "<attr>x</attr>", "<attr>x</attr><attr>y</attr>", line: 13, "mapping",
            "2 source attributes"),
        .rule("no source", "<src>fixed</src>", "", line: 14, "mapping", "found none"),
        .rule("an empty source", "<src>fixed</src>", "<src />", line: 14, "mapping", "found none"),
        .rule("an attribute and a constant", "<attr>x</attr>", "<attr>x</attr>y", line: 13, "src", "both"),
        .rule(
            "a constant and an expression", "<src>fixed</src>", "<src>fixed</src><expression>1</expression>", line: 14,
            "mapping", "both"),
        .rule("an attribute without a name", "<attr>x</attr>", "<attr/>", line: 13, "attr", "name"),
        .rule("a source that is no attribute", "<attr>x</attr>", "<var>x</var>", line: 13, "var", "this program knows"),
        .rule("a flow's unknown part", "<src>fixed</src>", "<when>x</when>", line: 14, "when", "this program knows"),
        .rule("a flow's unknown attribute", "execute-once=", "execute-twice=", line: 14, "mapping", "execute-twice"),
        .rule("once or not", "execute-once=\"true\"", "execute-once=\"1\"", line: 14, "mapping", "execute-once"),
        .rule("a list of something else", "</mapping></attr", "</mapping><flow/></attr", line: 15, "flow", "list"),
        .rule("an unknown operator", "ISNOTNULL", "RESEMBLES", line: 18, "csOperator", "RESEMBLES"),
        .rule("a mask in words", "<csValue>2<", "<csValue>two<", line: 19, "csValue", "decimal mask"),
        .rule("a clause without a value", "<csValue>1</csValue>", "", line: 20, "scope", "csValue"),
        .rule("a clause without an attribute", "<csAttribute>z<", "<csAttribute><", line: 20, "csAttribute", "name"),
        .rule("a clause's unknown part", "<csValue>1</csValue>", "<csCase/>", line: 21, "csCase", "this program knows"),
        .rule(
            "an empty group", "<conditions><condition>", "<conditions/><conditions><condition>", line: 16, "conditions",
            "at least one"),
        .rule("a join without a metaverse attribute", "ilmAttribute", "ilm", line: 16, "ilm", "this program knows"),
        .rule(
            "a join's case in words", "<condition>", "<condition><caseSensitive>yes</caseSensitive>", line: 16,
            "caseSensitive", "True or False"),
        .rule("a clause among joins", "<condition>", "<scope/><condition>", line: 16, "scope", "this program knows"),
        .rule(
            "a precedence after a name", "<description />", "<precedence-after>a</precedence-after>", line: 4,
            "precedence-after", "braces"),
        .rule(
            "a time span in words", "<description />", "<softDeleteExpiryInterval>a day</softDeleteExpiryInterval>",
            line: 4, "softDeleteExpiryInterval", "time span"),
        .rule("a version in words", "<description />", "<version>1.0</version>", line: 4, "version", "whole number"),
    ]

    @Test("Damage is named by file, line and element", arguments: xml + settings + rules)
    func damaged(_ damage: Damage) throws {
        try withTemporaryFolder { folder in
            var export = SmallExport()
            let before = try #require(export.files[damage.file])
            let after = before.replacingOccurrences(of: damage.from, with: damage.to)
            try #require(after != before)
            export.files[damage.file] = after
            try export.write(to: folder)
            let error = try #require(throws: ExportError.self) { try ExportFolder(path: folder.path).read() }
            #expect(error.kind == .badInput)
            #expect(error.path.hasSuffix(damage.file))
            #expect(error.line == damage.line, "\(error)")
            if let element = damage.element { #expect(error.element == element, "\(error)") }
            #expect(error.problem.contains(damage.words), "\(error)")
            #expect(!error.remedy.isEmpty)
        }
    }

    @Test("Nesting and repetition have an end, and neither costs the stack", arguments: [101, 20_000, 200_000])
    func deep(_ depth: Int) {
        let text = String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        let error = #expect(throws: ExportError.self) { try ExportDocument(Array(text.utf8), file: "f", root: "a") }
        #expect(error?.problem.contains("deeper") == true)
    }

    @Test("Bytes that are not UTF-8 are refused, not repaired")
    func notUTF8() {
        let bytes = Array("<a>b".utf8) + [0xC3, 0x28] + Array("</a>".utf8)
        let error = #expect(throws: ExportError.self) { try ExportDocument(bytes, file: "f", root: "a") }
        #expect(error?.problem.contains("UTF-8") == true)
        #expect(error?.column == 5)
    }
}
