import Documents
import ReleaseContract

/// The result code of an attempt, from its end and the first failure.
public enum AttemptResult {
    public static func code(_ end: AttemptEnd, _ failure: AttemptProgress.Failure?) -> ResultCode {
        let reason = ResultCode.Reason(failure?.reason ?? "Unknown") ?? "Unknown"
        return switch end {
        case .committed: .success
        case .aborted: .aborted(reason)
        case .rolledBack: .rolledBack(reason)
        case .inconsistent: .rollbackFailed(reason)
        }
    }
}
