import ArgumentParser
import Glibc
import ReleaseTools
import TUF

extension KeyAlgorithm: ExpressibleByArgument {}

/// Private keys and the passwords that open them.
struct KeyOptions: ParsableArguments {
    @Option(help: "A private key (see keygen); may be given more than once.") var key: [String] = []
    @Option(
        help: """
            A file with a key's password in its first line, for its owner alone or below $CREDENTIALS_DIRECTORY; given more \
            than once, each is tried.
            """)
    var passwordFile: [String] = []

    func passwords() throws -> [KeyPassword] { try passwordFile.map { try keyPassword($0) } }

    func read() throws -> [PrivateKey] {
        let passwords = try passwords()
        return try key.map { try PrivateKey(file: $0, passwords: passwords) }
    }
}

func keyPassword(_ file: String) throws -> KeyPassword {
    try KeyPassword(file: file, credentials: getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) })
}

struct Keygen: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a new signing key: the private half at the path, the public one at the path with .pub.")

    @Option(help: "Where to write the private key.") var output: String
    @Option(help: "The kind of key: \(KeyAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")).") var type =
        KeyAlgorithm.ed25519
    @Option(help: "Encrypt the private half with the password in the first line of this file.") var passwordFile:
        String?
    @Flag(help: "Write the private half as it is, for its owner alone.") var unencrypted = false
    @Option(help: "Whose key it is, for people.") var comment: String?

    func validate() throws {
        if unencrypted == (passwordFile != nil) {
            throw ValidationError(
                "Give either --password-file FILE, to encrypt the private half, or --unencrypted, to write it as it is."
            )
        }
    }

    func run() throws {
        try reporting {
            let password = try passwordFile.map { try keyPassword($0) }
            print(try PrivateKey.generate(type, at: output, password: password, comment: comment).id)
        }
    }
}
