import ArgumentParser
import Documents
import Glibc
import LinuxHost
import ServiceStore
import SyncEngine

struct ConsoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console",
        abstract:
            "A management console: looks at the server, one command a line, and keeps upgrades away while it is open.",
        discussion: """
            Ends with "quit", at the end of the input, or when it is asked to (SIGTERM). One console can be open on a server at
            a time. An upgrade waits for it; one that was left open for six hours is asked to end. Example:
              $ adsync console
              adsync> preview anna@contoso.com
            """)
    @OptionGroup var place: ServerOptions

    func run() throws {
        try Failing.with("console", schema: "console-session/1", format: .text) {
            Termination.startCatching()
            let server = try place.server()
            let session = try ConsoleSession(server: server)
            try Console(server: server).run()
            // Open until here.
            _ = session.path
        }
    }
}

/// What is typed into the console, and what it answers.
private struct Console {
    let server: Server
    private let isInteractive = isatty(0) == 1 && isatty(1) == 1

    init(server: Server) { self.server = server }

    func run() throws {
        var input = LineInput()
        prompt()
        while let line = try input.next(shouldStop: { Termination.requested != nil }) {
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            if let first = words.first.map(String.init) {
                if ["quit", "exit"].contains(first) { return }
                let rest = line.drop { $0 == " " || $0 == "\t" }.dropFirst(first.count)
                answer(first, Self.trimmed(rest))
            }
            prompt()
        }
        if Termination.requested != nil {
            writeLine("adsync console: asked to end, most likely for an upgrade; open it again in a moment", to: 2)
        }
    }

    private func prompt() {
        if isInteractive { writeBytes(Array("adsync> ".utf8), to: 1) }
    }

    /// What fails is told, and the console stays open.
    private func answer(_ command: String, _ argument: String) {
        do {
            switch command {
            case "status": show(try server.status())
            case "health": show(try server.health())
            case "connectors": show(try server.connectorList())
            case "rules": show(try server.ruleList())
            case "scheduler": show(try server.scheduler())
            case "history": show(try server.history(limit: Int(argument) ?? 20))
            case "pending-exports":
                let output = BufferedOutput()
                try server.pendingExports(.text) { output.line($0) }
                output.flush()
            case "preview":
                let output = BufferedOutput()
                PreviewOutput.write(try server.preview(argument, connector: nil), .text, output)
                output.flush()
            case "help": writeLine(Self.help, to: 1)
            default: writeLine("\(command): there is no such command; \"help\" shows them", to: 2)
            }
        } catch {
            writeLine("\(command): \(error)", to: 2)
        }
    }

    private func show(_ value: JSONValue) { writeLine(PlainText.render(value), to: 1) }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private static let help = """
        status            what the service does now
        health            whether the server is well
        connectors        the connected directories
        rules             the synchronization rules
        scheduler         the scheduler's settings
        history [N]       the last steps of cycles
        pending-exports   what waits to be sent
        preview NAME      why one object is what it is
        quit              closes the console
        """
}
