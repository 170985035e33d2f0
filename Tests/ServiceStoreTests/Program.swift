import Documents
import Foundation
import LinuxHost
import ReleaseContract
import ServiceStore
import TestSupport

/// The built program of a release, called as the release contract says.
struct Program {
    let root: String
    let release: URL

    struct Answer {
        let status: Int
        let json: JSONValue
        let diagnostics: String
    }

    func call(_ verb: String, _ arguments: String...) throws -> Answer { try call(verb, arguments) }

    func call(_ verb: String, _ arguments: [String]) throws -> Answer {
        let words = verb.split(separator: " ").map(String.init) + ["--root", root, "--format", "json"] + arguments
        let invocation = Invocation(program: release.appending(path: "bin/adsync").path, arguments: words)
        let completion = try ChildProcess.run(invocation, timeoutSeconds: 120, clock: SystemClock())
        guard case .exited(let status) = completion.end else {
            throw ServiceError(.failed, "\(verb) ended with \(completion.end): \(completion.diagnostics)")
        }
        let json = completion.output.isEmpty ? JSONValue.null : try JSONParser.parse(completion.output)
        return Answer(status: status, json: json, diagnostics: completion.diagnostics)
    }

    /// Runs the body while the service serves; ends it with SIGTERM and answers its exit status.
    func whileServing(_ log: URL, _ body: () throws -> Void) throws -> Bool {
        let invocation = Invocation(
            program: release.appending(path: "bin/adsync").path,
            arguments: ["serve", "--root", root, "--format", "json"])
        let process = try ChildProcess.startDetached(invocation, log: log.path)
        do {
            try wait(upTo: 30) { DurableFiles.exists(ServerLayout(root: root).serviceProcess) }
            try body()
        } catch {
            _ = try ChildProcess.stop(process, graceSeconds: 30, clock: SystemClock())
            throw error
        }
        return try ChildProcess.stop(process, graceSeconds: 30, clock: SystemClock())
    }

    /// Waits for a condition, at most so many seconds.
    func wait(upTo seconds: Int, _ condition: () throws -> Bool) throws {
        let clock = SystemClock()
        let deadline = clock.monotonicMilliseconds() + seconds * 1000
        while !(try condition()) {
            guard clock.monotonicMilliseconds() < deadline else {
                throw ServiceError(.failed, "the condition did not come true in \(seconds) seconds")
            }
            clock.pause(milliseconds: 20)
        }
    }
}

/// A server whose verbs are called through the built program.
struct ProgramServer {
    let test: TestServer
    let program: Program

    init(_ folder: URL, people: [Person] = Person.crowd(3), parameters: [String: String] = [:]) throws {
        test = try TestServer(folder, people: people, parameters: parameters)
        let release = URL(filePath: test.server.release.folder)
        try FileManager.default.createSymbolicLink(
            at: release.appending(path: "bin/adsync"), withDestinationURL: builtProgram("adsync"))
        program = Program(root: test.root, release: release)
    }

    func newer(_ version: String) throws -> Program {
        let folder = try ReleaseFolder.assemble(version, below: URL(filePath: test.root), program: true)
        return Program(root: test.root, release: folder)
    }

    func lease(token: Int) throws {
        let owner = try ProcessIdentity.current()
        let lease = PauseLease(
            attempt: "a", token: token, owner: owner, expires: WallTime(seconds: 4_000_000_000), bootId: owner.bootId,
            knownGood: PauseLease.KnownGood(generation: 1, serve: [], resume: [], unit: nil),
            schedulerWasSuspended: false)
        try DurableFiles.replace(test.server.layout.lease, lease.json.compact)
    }
}
