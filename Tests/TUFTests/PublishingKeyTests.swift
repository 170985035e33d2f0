import Documents
import Foundation
import TUF
import TestSupport
import Testing

@Suite("Keys of a publisher")
struct PublishingKeyTests {
    /// Cheap, so that a test takes no second; a file says what it costs.
    private let cost = PasswordCost(rounds: 16)

    private func password(_ text: String) throws -> KeyPassword { try #require(KeyPassword(text)) }

    @Test("A new key lies with its owner alone, its public half beside it, and none is replaced")
    func generate() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending(path: "key").path
            let key = try PrivateKey.generate(at: path, password: nil, comment: "release team")
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            let document = try PublicKeyDocument(file: path + ".pub")
            #expect(document.key == key)
            #expect(document.comment == "release team")
            #expect(try PublicKeyDocument(file: path).key == key)
            #expect(try PrivateKey(file: path).publicKey == key)
            #expect(throws: PublishingError.self) { try PrivateKey.generate(at: path, password: nil) }
            try FileManager.default.removeItem(atPath: path)
            #expect(throws: PublishingError.self) { try PrivateKey.generate(at: path, password: nil) }
        }
    }

    @Test("An encrypted key opens with its password alone", arguments: KeyAlgorithm.allCases)
    func encrypted(_ algorithm: KeyAlgorithm) throws {
        let key = try PrivateKey(generating: algorithm)
        let file = try SigningKeyFile(key, password: try password("horse"), cost: cost)
        let bytes = file.json.pretty
        let read = try SigningKeyFile(bytes: bytes, file: "k")
        #expect(read == file)
        #expect(read.isEncrypted)
        let opened = try read.privateKey(passwords: [try password("cow"), try password("horse")], file: "k")
        #expect(opened.publicKey == key.publicKey)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("privateKey"))
        let wrong = #expect(throws: PublishingError.self) {
            try read.privateKey(passwords: [try password("cow")], file: "k")
        }
        #expect(wrong == .key(file: "k", problem: "the password is wrong, or the file is damaged"))
        let missing = #expect(throws: PublishingError.self) { try read.privateKey(file: "k") }
        #expect(missing?.description.contains("--password-file") == true)
    }

    @Test("A changed file does not open, whatever was changed", arguments: ["public", "scheme", "sealed", "salt"])
    func tampered(_ what: String) throws {
        let (key, other) = (try PrivateKey(generating: .ed25519), try PrivateKey(generating: .ed25519))
        let file = try SigningKeyFile(key, password: try password("horse"), cost: cost)
        var members = try #require(file.json.object)
        func change(_ name: String) throws {
            var inner = try #require(members["encrypted"]?.object)
            let text = try #require(inner[name]?.string)
            inner[name] = .string((text.hasPrefix("0") ? "1" : "0") + text.dropFirst())
            members["encrypted"] = .object(inner)
        }
        switch what {
        case "public":
            members["key"] = other.publicKey.json
            members["keyId"] = .string(other.publicKey.id)
        case "scheme":
            let key = PublicKey(type: "ecdsa", scheme: "ecdsa-sha2-nistp256", value: key.publicKey.value)
            members["key"] = key.json
            members["keyId"] = .string(key.id)
        default: try change(what)
        }
        let read = try SigningKeyFile(bytes: JSONValue.object(members).pretty, file: "k")
        #expect(throws: PublishingError.self) { try read.privateKey(passwords: [try password("horse")], file: "k") }
    }

    @Test(
        "A file that would cost its reader anything is refused before it does",
        arguments: [
            ("rounds", 1 << 40), ("rounds", 3), ("blockSize", 1 << 20), ("parallelism", 0), ("rounds", 1 << 24),
        ])
    func cost(_ name: String, _ value: Int) throws {
        let file = try SigningKeyFile(
            PrivateKey(generating: .ed25519), password: try password("horse"), cost: cost)
        var members = try #require(file.json.object)
        var inner = try #require(members["encrypted"]?.object)
        inner[name] = JSONValue(value)
        members["encrypted"] = .object(inner)
        #expect(throws: DocumentError.self) {
            try SigningKeyFile(bytes: JSONValue.object(members).pretty, file: "k")
        }
    }

    @Test("A key that is not encrypted and that others can read is refused; an encrypted one is not")
    func rights() throws {
        try withTemporaryFolder { folder in
            let (plain, sealed) = (folder.appending(path: "plain").path, folder.appending(path: "sealed").path)
            _ = try PrivateKey.generate(at: plain, password: nil)
            _ = try PrivateKey.generate(at: sealed, password: try password("horse"), cost: cost)
            for path in [plain, sealed] {
                try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            }
            #expect(throws: PublishingError.self) { try PrivateKey(file: plain) }
            _ = try PrivateKey(file: sealed, passwords: [try password("horse")])
        }
    }

    @Test("A password is the first line of a file that nobody else can read, or of a credential")
    func passwordFile() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "password")
            try Data("horse\nbattery".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            #expect(try KeyPassword(file: file.path) == KeyPassword("horse"))
            try FileManager.default.setAttributes([.posixPermissions: 0o440], ofItemAtPath: file.path)
            #expect(throws: PublishingError.self) { try KeyPassword(file: file.path) }
            #expect(try KeyPassword(file: file.path, credentials: folder.path) == KeyPassword("horse"))
            let elsewhere = folder.appending(path: "elsewhere")
            try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
            #expect(throws: PublishingError.self) {
                try KeyPassword(file: "\(elsewhere.path)/../password", credentials: elsewhere.path)
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            try Data("\n".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            #expect(throws: PublishingError.self) { try KeyPassword(file: file.path) }
        }
    }

    /// Files that another program made: the format is what it was.
    @Test(
        "Recorded files of keys are read and written as they are",
        arguments: ["signing-key", "signing-key-encrypted"])
    func golden(_ name: String) throws {
        let file = packageFolder.appending(path: "Tests/Golden/\(name).json")
        let read = try SigningKeyFile(bytes: Array(try Data(contentsOf: file)), file: name)
        let key = try read.privateKey(passwords: [try password("horse")], file: name)
        let signature = try key.sign([0x72]).map { String($0, radix: 16) }
        #expect(read.publicKey.verifies(signature.map { $0.count == 1 ? "0\($0)" : $0 }.joined(), of: [0x72]))
        #expect(goldenDifference("\(name).json", String(decoding: read.json.pretty, as: UTF8.self)) == nil)
        let shown = PublicKeyDocument(read.publicKey, comment: read.comment)
        #expect(
            goldenDifference("public-key.json", String(decoding: shown.json.pretty, as: UTF8.self)) == nil)
    }

    @Test("The program asks how a key shall lie on disk", arguments: [[], ["--unencrypted", "--password-file", "p"]])
    func usage(_ arguments: [String]) throws {
        try withTemporaryFolder { folder in
            let path = folder.appending(path: "key").path
            let answer = try run(builtProgram("aadc-publish"), ["keygen", "--output", path] + arguments)
            #expect(answer.status == 64)
            #expect(answer.errors.contains("--password-file") && answer.errors.contains("--unencrypted"))
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test("The program makes a key of every kind", arguments: KeyAlgorithm.allCases)
    func program(_ algorithm: KeyAlgorithm) throws {
        try withTemporaryFolder { folder in
            let path = folder.appending(path: "key").path
            let answer = try run(
                builtProgram("aadc-publish"),
                ["keygen", "--output", path, "--type", algorithm.rawValue, "--unencrypted", "--comment", "ours"])
            #expect(answer.status == 0, "\(answer.errors)")
            let document = try PublicKeyDocument(file: "\(path).pub")
            #expect(answer.output == "\(document.key.id)\n")
            #expect(KeyAlgorithm(document.key) == algorithm)
            #expect(document.comment == "ours")
        }
    }
}
