import Crypto
import CryptoExtras
import Documents
import Glibc
import LinuxHost

/// What a password protects a key with.
public struct KeyPassword: Equatable, Sendable {
    let bytes: [UInt8]

    /// Nil where there is nothing.
    public init?(_ text: String) {
        if text.isEmpty { return nil }
        bytes = Array(text.utf8)
    }

    /// The first line of a file that its owner alone can read.
    ///
    /// - Parameter credentials: `$CREDENTIALS_DIRECTORY`, where systemd puts a unit's secrets with rights of its own.
    public init(file path: String, credentials: String? = nil) throws(PublishingError) {
        bytes = try publishing {
            let file = try Descriptor(opening: path, flags: O_RDONLY)
            var status = stat()
            // The open file is asked, not the name: what is checked is what is read.
            guard fstat(file.number, &status) == 0 else { throw HostError("look at", path, errno) }
            if status.st_mode & 0o077 != 0, !Self.isBelow(path, credentials) {
                throw PublishingError.key(file: path, problem: "holds a password and others can read it: chmod 600")
            }
            let content = try file.readAll(limit: 64 << 10, path: path)
            let line = Array(content.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") })
            if line.isEmpty { throw PublishingError.key(file: path, problem: "expected a password in the first line") }
            return line
        }
    }

    private static func isBelow(_ path: String, _ folder: String?) -> Bool {
        guard let folder, folder.hasPrefix("/") else { return false }
        func resolved(_ path: String) -> String? {
            guard let text = realpath(path, nil) else { return nil }
            defer { free(text) }
            return String(cString: text)
        }
        guard let place = resolved(path), let above = resolved(folder) else { return false }
        return place.hasPrefix(above + "/")
    }
}

/// What trying one password costs (scrypt, RFC 7914).
public struct PasswordCost: Equatable, Sendable {
    /// A power of two.
    public var rounds: Int
    public var blockSize: Int
    public var parallelism: Int

    public init(rounds: Int, blockSize: Int = 8, parallelism: Int = 1) {
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// 128 MiB and a good part of a second.
    public static let standard = PasswordCost(rounds: 1 << 17)
    /// A file must not make its reader allocate without limit.
    static let mostMemory = 1 << 30

    var isReasonable: Bool {
        rounds > 1 && rounds & (rounds - 1) == 0 && rounds <= 1 << 24 && (1...64).contains(blockSize)
            && (1...16).contains(parallelism) && 128 * rounds * blockSize * parallelism <= Self.mostMemory
    }
}

/// A secret behind a password: the key from scrypt, the content with ChaCha20-Poly1305.
struct EncryptedSecret: Equatable {
    private static let keyDerivation = "scrypt"
    private static let cipher = "chacha20-poly1305"

    private let cost: PasswordCost
    private let salt: [UInt8]
    /// Nonce, ciphertext and tag.
    private let sealed: [UInt8]

    /// - Parameter context: what the secret belongs to; with another context it does not open.
    init(_ secret: [UInt8], password: KeyPassword, cost: PasswordCost, context: [UInt8]) throws(PublishingError) {
        self.cost = cost
        var random = SystemRandomNumberGenerator()
        salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let key = try Self.key(password, salt: salt, cost: cost)
        do {
            sealed = Array(try ChaChaPoly.seal(secret, using: key, authenticating: context).combined)
        } catch {
            throw .key(file: "", problem: "cannot encrypt: \(error)")
        }
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        for (name, expected) in [("keyDerivation", Self.keyDerivation), ("cipher", Self.cipher)] {
            let found = try fields.string(name)
            if found != expected { throw fields.failure(name, "expected \"\(expected)\", found \"\(found)\"") }
        }
        cost = PasswordCost(
            rounds: try fields.integer("rounds"), blockSize: try fields.integer("blockSize"),
            parallelism: try fields.integer("parallelism"))
        if !cost.isReasonable {
            throw fields.failure("rounds", "expected a power of two, and at most 1 GiB of memory with blockSize")
        }
        salt = try fields.parsed("salt", "hexadecimal digits", Hexadecimal.bytes)
        sealed = try fields.parsed("sealed", "hexadecimal digits", Hexadecimal.bytes)
        if salt.isEmpty { throw fields.failure("salt", "expected at least one byte") }
    }

    var json: JSONValue {
        [
            "keyDerivation": .string(Self.keyDerivation), "rounds": JSONValue(cost.rounds),
            "blockSize": JSONValue(cost.blockSize), "parallelism": JSONValue(cost.parallelism),
            "salt": .string(Hexadecimal.text(salt)), "cipher": .string(Self.cipher),
            "sealed": .string(Hexadecimal.text(sealed)),
        ]
    }

    /// Nil where password, context or content do not fit.
    func open(password: KeyPassword, context: [UInt8]) throws(PublishingError) -> [UInt8]? {
        let key = try Self.key(password, salt: salt, cost: cost)
        guard let box = try? ChaChaPoly.SealedBox(combined: sealed),
            let secret = try? ChaChaPoly.open(box, using: key, authenticating: context)
        else { return nil }
        return Array(secret)
    }

    private static func key(
        _ password: KeyPassword, salt: [UInt8], cost: PasswordCost
    ) throws(PublishingError) -> SymmetricKey {
        do {
            return try KDF.Scrypt.deriveKey(
                from: password.bytes, salt: salt, outputByteCount: 32, rounds: cost.rounds, blockSize: cost.blockSize,
                parallelism: cost.parallelism)
        } catch {
            throw .key(
                file: "",
                problem:
                    "no key can be made from the password: \(128 * cost.rounds * cost.blockSize) bytes of memory are needed"
            )
        }
    }
}
