import ArgumentParser
import Documents
import Glibc
import LinuxHost
import ServiceStore

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

/// Which server a command is about.
struct ServerOptions: ParsableArguments {
    @Option(help: "The folder below which the server lies.")
    var root = "/"

    @Option(help: ArgumentHelp("The unpacked release to work with; the one this program lies in.", visibility: .hidden))
    var release: String?

    func server() throws -> Server {
        let folder = try release ?? InstalledRelease.folder(ofProgram: CommonOptions.program())
        return Server(
            root: try CommonOptions.absolute(root),
            release: try InstalledRelease(folder: CommonOptions.absolute(folder)))
    }
}

/// What nearly every command takes.
struct CommonOptions: ParsableArguments {
    @OptionGroup var place: ServerOptions

    @Option(help: "text for people, json for programs.")
    var format = OutputFormat.text

    /// Does the work, prints its answer and ends the program with the contract's exit status.
    func answer(_ verb: String, _ body: (Server) throws -> JSONValue) throws {
        try answer(verb, passed: { _ in true }, body)
    }

    func answer(_ verb: String, passed: (JSONValue) -> Bool, _ body: (Server) throws -> JSONValue) throws {
        let answer: JSONValue
        do {
            answer = try body(try server())
        } catch {
            fail(verb, error)
            throw ExitCode((error as? ServiceError)?.exitStatus ?? 1)
        }
        show(answer)
        if !passed(answer) { throw ExitCode(1) }
    }

    func server() throws -> Server { try place.server() }

    private func fail(_ verb: String, _ error: any Error) {
        writeLine("adsync \(verb): \(error)", to: 2)
        guard format == .json else { return }
        let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
        let schema = verb.split(separator: " ").first.map { "\($0)/1" } ?? "error/1"
        let members: [String: JSONValue] = ["schema": .string(schema), "error": .string(line)]
        let details = (error as? ServiceError)?.details ?? [:]
        writeLine(JSONValue.object(members.merging(details) { $1 }).line, to: 1)
    }

    private func show(_ answer: JSONValue) {
        switch format {
        case .json: writeLine(answer.line, to: 1)
        case .text: writeLine(PlainText.render(answer), to: 1)
        }
    }

    /// This program's path, as it was called where that says it.
    static func program() throws -> String {
        let called = CommandLine.arguments[0]
        if called.contains("/") { return try absolute(called) }
        return try DurableFiles.linkTarget("/proc/self/exe") ?? called
    }

    static func absolute(_ path: String) throws -> String {
        if path.hasPrefix("/") { return path }
        return try (DurableFiles.linkTarget("/proc/self/cwd") ?? "") + "/" + path
    }
}

/// Writes a line at once, without a buffer that would be lost at a sudden end.
func writeLine(_ text: String, to descriptor: Int32) {
    writeBytes(Array((text + "\n").utf8), to: descriptor)
}

/// An answer as indented text.
enum PlainText {
    static func render(_ value: JSONValue) -> String { lines(value, indent: "").joined(separator: "\n") }

    private static func lines(_ value: JSONValue, indent: String) -> [String] {
        switch value {
        case .object(let members):
            return members.filter { $0.key != "schema" }.sorted { $0.key < $1.key }.flatMap { name, member in
                if let text = scalar(member) { return ["\(indent)\(name): \(text)"] }
                return ["\(indent)\(name):"] + lines(member, indent: indent + "  ")
            }
        case .array(let elements):
            return elements.flatMap { element -> [String] in
                if let text = scalar(element) { return ["\(indent)- \(text)"] }
                var inner = lines(element, indent: indent + "  ")
                if let first = inner.first { inner[0] = indent + "- " + first.dropFirst(indent.count + 2) }
                return inner
            }
        default: return [indent + (scalar(value) ?? "")]
        }
    }

    private static func scalar(_ value: JSONValue) -> String? {
        switch value {
        case .null: "none"
        case .bool(let flag): flag ? "True" : "False"
        case .integer(let number): String(number)
        case .string(let text): text
        case .array(let elements): elements.isEmpty ? "none" : nil
        case .object(let members): members.isEmpty ? "none" : nil
        }
    }
}
