import Documents
import LinuxHost

/// Why nothing was signed or written.
public enum PublishingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A key file that cannot be used, a wrong password among the reasons.
    case key(file: String, problem: String)
    /// A role's metadata would lack signatures with the keys that were given.
    case signatures(role: RoleName, missing: Int, threshold: Int, signers: [String])
    /// The repository's folder, or what was asked of it, is not as it must be.
    case repository(file: String, problem: String)
    case document(DocumentError)
    case host(HostError)

    public var description: String {
        switch self {
        case .key(let file, let problem), .repository(let file, let problem): "\(file): \(problem)"
        case .signatures(let role, let missing, let threshold, let signers):
            "the role \(role) needs \(missing) more signature(s) of different keys, \(threshold) in all: give private keys of "
                + (signers.isEmpty
                    ? "those that root names" : signers.map { String($0.prefix(12)) }.joined(separator: ", "))
        case .document(let error): error.description
        case .host(let error): error.description
        }
    }
}

/// Runs a body whose errors are those of the layers below.
func publishing<Result>(_ body: () throws -> Result) throws(PublishingError) -> Result {
    do {
        return try body()
    } catch let error as PublishingError {
        throw error
    } catch let error as DocumentError {
        throw .document(error)
    } catch let error as HostError {
        throw .host(error)
    } catch {
        throw .repository(file: "", problem: "\(error)")
    }
}
