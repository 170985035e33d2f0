import Documents
import LinuxHost

/// `public-key/1`: the half of a key that may be shown; what root metadata takes in.
public struct PublicKeyDocument: Document, Equatable {
    public static let schemaName = "public-key"

    public let key: PublicKey
    /// Whose key it is, for people.
    public var comment: String?
    public var unknown: [String: JSONValue] = [:]

    public init(_ key: PublicKey, comment: String? = nil) {
        self.key = key
        self.comment = comment
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        key = try PublicKey(document: &fields)
        comment = try fields.optionalString("comment")
    }

    public var members: [String: JSONValue] {
        var all: [String: JSONValue] = ["keyId": .string(key.id), "key": key.json]
        all["comment"] = comment.map { .string($0) }
        return all
    }

    /// Reads the public half, or takes it from the file of the private one, which needs no password for that.
    public init(file path: String) throws(PublishingError) {
        self = try publishing {
            guard let bytes = try DurableFiles.read(path, limit: SigningKeyFile.longest) else {
                throw HostError("open", path, 2)
            }
            if let privateHalf = try? SigningKeyFile(bytes: bytes, file: path) {
                return PublicKeyDocument(privateHalf.publicKey, comment: privateHalf.comment)
            }
            return try PublicKeyDocument(bytes: bytes, file: path)
        }
    }
}

extension PublicKey {
    /// The members `keyId` and `key` of a key's document: the identifier must follow from the key.
    init(document fields: inout FieldReader) throws(DocumentError) {
        let id = try fields.string("keyId")
        var reader = try fields.object("key")
        let key = try PublicKey(id: id, fields: &reader)
        guard PublicKey(type: key.type, scheme: key.scheme, value: key.value).id == id else {
            throw fields.failure("keyId", "expected the SHA-256 digest of the key's canonical form")
        }
        self = key
    }
}

/// `signing-key/2`: a private key, encrypted with a password or, where that was asked for, as it is.
public struct SigningKeyFile: Document, Equatable {
    public static let schemaName = "signing-key"
    public static let schemaMajor = 2
    static let longest = 1 << 20

    private enum Secret: Equatable {
        case plain([UInt8])
        case encrypted(EncryptedSecret)
    }

    public let publicKey: PublicKey
    public var comment: String?
    public var unknown: [String: JSONValue] = [:]
    private let secret: Secret

    /// - Parameter password: without one the secret stands in the file as it is.
    public init(
        _ key: PrivateKey, password: KeyPassword?, cost: PasswordCost = .standard, comment: String? = nil
    ) throws(PublishingError) {
        publicKey = key.publicKey
        self.comment = comment
        if let password {
            secret = .encrypted(
                try EncryptedSecret(
                    key.secretBytes, password: password, cost: cost, context: key.publicKey.json.canonical))
        } else {
            secret = .plain(key.secretBytes)
        }
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        publicKey = try PublicKey(document: &fields)
        comment = try fields.optionalString("comment")
        if fields.optional("encrypted") != nil {
            var reader = try fields.object("encrypted")
            secret = .encrypted(try EncryptedSecret(fields: &reader))
        } else {
            // The text is a secret: no message may repeat it.
            guard let bytes = Hexadecimal.bytes(try fields.string("privateKey")) else {
                throw fields.failure("privateKey", "expected hexadecimal digits")
            }
            secret = .plain(bytes)
        }
    }

    public var members: [String: JSONValue] {
        var all: [String: JSONValue] = ["keyId": .string(publicKey.id), "key": publicKey.json]
        all["comment"] = comment.map { .string($0) }
        switch secret {
        case .plain(let bytes): all["privateKey"] = .string(Hexadecimal.text(bytes))
        case .encrypted(let encrypted): all["encrypted"] = encrypted.json
        }
        return all
    }

    /// Whether a file holds a private key, and not the public half alone.
    public static func isPrivate(_ path: String) throws(PublishingError) -> Bool {
        try publishing {
            guard let bytes = try DurableFiles.read(path, limit: longest) else { throw HostError("open", path, 2) }
            return (try? SigningKeyFile(bytes: bytes, file: path)) != nil
        }
    }

    public var isEncrypted: Bool { if case .encrypted = secret { true } else { false } }

    /// - Parameter file: how errors name the source.
    public func privateKey(passwords: [KeyPassword] = [], file: String) throws(PublishingError) -> PrivateKey {
        guard let algorithm = KeyAlgorithm(publicKey) else {
            throw .key(
                file: file, problem: "keys of the type \(publicKey.type) with \(publicKey.scheme) cannot sign here")
        }
        let bytes: [UInt8]
        switch secret {
        case .plain(let plain): bytes = plain
        case .encrypted(let encrypted):
            if passwords.isEmpty {
                throw .key(file: file, problem: "is encrypted: name the file of its password with --password-file")
            }
            bytes = try open(encrypted, passwords, file: file)
        }
        guard let key = PrivateKey(algorithm, secretBytes: bytes), key.publicKey.isSameKey(as: publicKey) else {
            throw .key(file: file, problem: "the private half does not fit the public one: the file is damaged")
        }
        return key
    }

    private func open(
        _ secret: EncryptedSecret, _ passwords: [KeyPassword], file: String
    ) throws(PublishingError) -> [UInt8] {
        for password in passwords {
            if let bytes = try secret.open(password: password, context: publicKey.json.canonical) { return bytes }
        }
        throw .key(file: file, problem: "the password is wrong, or the file is damaged")
    }
}

extension PrivateKey {
    /// Opens a key's file. An unencrypted one must be its owner's alone.
    ///
    /// - Parameter passwords: each is tried where it is encrypted.
    public init(file path: String, passwords: [KeyPassword] = []) throws(PublishingError) {
        self = try publishing {
            guard let rights = try FileRights(path),
                let bytes = try DurableFiles.read(path, limit: SigningKeyFile.longest)
            else { throw HostError("open", path, 2) }
            let file = try SigningKeyFile(bytes: bytes, file: path)
            if !file.isEncrypted, rights.mode & 0o077 != 0 {
                throw PublishingError.key(
                    file: path, problem: "is not encrypted and others can read it: chmod 600, or make a new key")
            }
            return try file.privateKey(passwords: passwords, file: path)
        }
    }

    /// Makes a new key: the private half at `path` (mode 0600), the public one as `public-key/1` at `path.pub`. Neither
    /// file may be there already.
    public static func generate(
        _ algorithm: KeyAlgorithm = .ed25519, at path: String, password: KeyPassword?,
        cost: PasswordCost = .standard, comment: String? = nil
    ) throws(PublishingError) -> PublicKey {
        try publishing {
            let publicPath = "\(path).pub"
            for file in [path, publicPath] where try DurableFiles.kind(file) != nil {
                throw PublishingError.key(file: file, problem: "is there already: a key is never replaced")
            }
            let key = try PrivateKey(generating: algorithm)
            let file = try SigningKeyFile(key, password: password, cost: cost, comment: comment)
            try DurableFiles.replace(path, file.json.pretty, mode: 0o600)
            try DurableFiles.replace(
                publicPath, PublicKeyDocument(key.publicKey, comment: comment).json.pretty, mode: 0o644)
            return key.publicKey
        }
    }
}
