import Foundation
import TestSupport
import Testing

/// python-tuf in its virtual environment, and our programs that drive it.
enum PythonTUF {
    static let python = packageFolder.appending(path: ".build/python-tuf/bin/python")
    static let isThere = FileManager.default.fileExists(
        atPath: packageFolder.appending(path: ".build/python-tuf/installed").path)
    static let missing: Comment = "python-tuf is not installed: scripts/python-tuf.sh"

    static func run(_ script: String, _ arguments: [String]) throws -> ProgramResult {
        try TestSupport.run(
            python, [packageFolder.appending(path: "Tests/TUFTests/python-tuf/\(script)").path] + arguments)
    }

    /// What python-tuf's client came to believe.
    struct Answer: Equatable {
        var versions: [String: Int]
        var targets: [String: String]
    }

    /// Downloads target files with python-tuf's client; nil and its words where it refuses.
    ///
    /// - Parameter folder: keeps what the client trusts from one call to the next.
    static func download(
        _ names: [String], from repository: LoopbackServer, root: URL, folder: URL
    ) throws -> (answer: Answer?, refusal: String) {
        let result = try run(
            "client.py",
            ["\(repository.address)/metadata", "\(repository.address)/targets", root.path, folder.path] + names)
        guard result.status == 0 else {
            #expect(result.status == 1 && !result.errors.contains("Traceback"), "\(result.errors)")
            return (nil, result.errors)
        }
        let document = result.document
        return (
            Answer(
                versions: try #require(document["versions"] as? [String: Int]),
                targets: try #require(document["targets"] as? [String: String])), ""
        )
    }
}
