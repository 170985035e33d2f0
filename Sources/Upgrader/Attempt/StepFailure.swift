import Documents
import LinuxHost

/// Why a state of an attempt failed.
public struct StepFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The end of the result code: letters and digits, such as `PostTestFailed`.
    public let reason: String
    /// One line for a person: what happened, where, and what to do.
    public let message: String
    /// What stood between this machine and the repository, where that was it.
    public let obstacle: RepositoryAccess.Obstacle?

    /// The reason of a step that was given up because somebody asked this program to end.
    static let terminated = "Terminated"

    public init(_ reason: String, _ message: String, obstacle: RepositoryAccess.Obstacle? = nil) {
        self.reason = reason
        self.message = message
        self.obstacle = obstacle
    }

    public var description: String { "\(reason): \(message)" }

    /// Gives every error that can occur in a step a reason; what is not recognized is an error of this program.
    public init(from error: any Error) {
        switch error {
        case let failure as StepFailure: self = failure
        case let error as HostError where error.isDiskFull:
            self.init("InsufficientDiskSpace", "\(error); free space on that file system and run again")
        case let error as HostError where error.isNotPermitted:
            self.init("NotPermitted", "\(error); run as the account that owns the server's folders")
        case let error as HostError: self.init("FileOperationFailed", error.description)
        case let error as DocumentError: self.init("BadDocument", error.description)
        default: self.init("InternalError", "\(error)")
        }
    }
}
