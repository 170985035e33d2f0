import Documents
import LinuxHost
import TUF

/// Why nothing was built or published.
public enum PublishError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Something in the input is not as it must be: which file, and what to do.
    case input(file: String, problem: String)
    case document(DocumentError)
    case host(HostError)
    /// libarchive could not write.
    case archive(file: String, problem: String)
    /// Keys, or the repository's metadata.
    case metadata(PublishingError)

    public var description: String {
        switch self {
        case .input(let file, let problem), .archive(let file, let problem): "\(file): \(problem)"
        case .document(let error): error.description
        case .host(let error): error.description
        case .metadata(let error): error.description
        }
    }

    /// The exit status for a program that ends with it (sysexits).
    public var exitStatus: Int32 {
        switch self {
        case .input, .document: 65
        case .host(let error), .metadata(.host(let error)): error.isMissing ? 66 : error.isNotPermitted ? 77 : 74
        case .archive: 74
        case .metadata: 65
        }
    }
}

/// Runs a body whose errors are those of the layers below.
func publishing<Result>(_ body: () throws -> Result) throws(PublishError) -> Result {
    do {
        return try body()
    } catch let error as PublishError {
        throw error
    } catch let error as DocumentError {
        throw .document(error)
    } catch let error as HostError {
        throw .host(error)
    } catch let error as PublishingError {
        throw .metadata(error)
    } catch {
        throw .input(file: "", problem: "\(error)")
    }
}

/// Reads a file that must be there.
func readFile(_ path: String, limit: Int = 64 << 20) throws(HostError) -> [UInt8] {
    guard let bytes = try DurableFiles.read(path, limit: limit) else { throw HostError("open", path, 2) }
    return bytes
}
