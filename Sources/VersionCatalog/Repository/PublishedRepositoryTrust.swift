import Documents
import Foundation

import enum Crypto.Curve25519
import struct Crypto.SHA256

/// What an administrator demands of a repository before it is believed.
public enum TrustPolicy: Equatable, Sendable {
    /// At least `threshold` different keys of these have signed it.
    case signed(TrustedKeys, threshold: Int = 1)
    /// Anything is believed: only by an explicit setting, and named in every report.
    case unsignedAllowed
}

/// Why a repository was not believed.
public enum RepositoryError: Error, Equatable, Sendable, CustomStringConvertible {
    case document(DocumentError)
    case unsigned(file: String)
    case notEnoughSignatures(file: String, valid: Int, wanted: Int, notes: [String])

    public var description: String {
        switch self {
        case .document(let error): error.description
        case .unsigned(let file):
            "\(file): the repository is not signed; ask its publisher for a signed one, or allow unsigned repositories in the settings"
        case .notEnoughSignatures(let file, let valid, let wanted, let notes):
            "\(file): expected valid signatures of \(wanted) trusted key(s), found \(valid)"
                + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
                + "; compare the trusted keys with those that the publisher announces"
        }
    }
}

/// A repository that was believed, and by what right.
public struct OpenedRepository: Equatable, Sendable {
    public let repository: PublishedRepository
    /// The trusted keys that signed it; empty where it was accepted unsigned.
    public let signedBy: [String]
    /// Names this very content, in plans and reports.
    public let digest: SHA256Digest
}

extension PublishedRepository {
    /// Reads an envelope, verifies it as the policy demands, and only then reads the repository in it.
    ///
    /// - Parameter file: how errors name the source.
    public static func open(
        bytes: [UInt8], file: String, policy: TrustPolicy
    ) throws(RepositoryError) -> OpenedRepository {
        do {
            if let plain = try? PublishedRepository(bytes: bytes, file: file) {
                guard policy == .unsignedAllowed else { throw RepositoryError.unsigned(file: file) }
                return OpenedRepository(
                    repository: plain, signedBy: [], digest: SHA256Digest(bytes: SHA256.hash(data: bytes)))
            }
            let envelope = try SignedEnvelope(bytes: bytes, file: file)
            let content = envelope.signed.canonical
            let signedBy = try verify(envelope, content: content, file: file, policy: policy)
            return OpenedRepository(
                repository: try PublishedRepository(json: envelope.signed, file: file), signedBy: signedBy,
                digest: SHA256Digest(bytes: SHA256.hash(data: content)))
        } catch let error as DocumentError {
            throw .document(error)
        } catch let error as RepositoryError {
            throw error
        } catch {
            throw .document(DocumentError(file: file, place: "", problem: "\(error)"))
        }
    }

    private static func verify(
        _ envelope: SignedEnvelope, content: [UInt8], file: String, policy: TrustPolicy
    ) throws(RepositoryError) -> [String] {
        guard case .signed(let trusted, let threshold) = policy else { return [] }
        if envelope.signatures.isEmpty { throw .unsigned(file: file) }
        var valid: Set<String> = []
        var notes: [String] = []
        for signature in envelope.signatures {
            if let problem = problem(signature, content: content, trusted: trusted) {
                notes.append("key \(signature.keyId.prefix(12)): \(problem)")
            } else {
                valid.insert(signature.keyId)
            }
        }
        // A threshold below one would believe anything.
        let wanted = max(1, threshold)
        guard valid.count >= wanted else {
            throw .notEnoughSignatures(file: file, valid: valid.count, wanted: wanted, notes: notes)
        }
        return valid.sorted()
    }

    private static func problem(_ signature: EnvelopeSignature, content: [UInt8], trusted: TrustedKeys) -> String? {
        guard let key = trusted.keys.first(where: { $0.keyId == signature.keyId }) else { return "is not trusted" }
        guard signature.algorithm == EnvelopeSignature.ed25519 else {
            return "expected the algorithm ed25519, found \(signature.algorithm)"
        }
        guard let bytes = Data(base64Encoded: signature.signature) else { return "the signature is not base64" }
        guard let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: key.publicKey),
            publicKey.isValidSignature(bytes, for: content)
        else { return "the signature does not fit the content" }
        return nil
    }
}
