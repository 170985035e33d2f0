import Foundation

/// A server before an attempt, as the checker itself saw it; Codable, to be kept while the machine is off.
public struct ServerRecord: Codable, Sendable {
    let generation: Int
    let version: String
    let scheduler: SchedulerState
    let settings: [String: String]
    /// Digests of the data that only the administrator and migrations change.
    let data: [String: String]
    let cloudLines: Int
    let attempts: Set<String>
    let agentRegistration: String?
    let serviceUser: String?
}

/// How the administrator has set the scheduler.
struct SchedulerState: Codable, Equatable, Sendable {
    let cycleEnabled: Bool
    let suspended: Bool
    let suspendedBy: String
    let staging: Bool
    let intervalSeconds: Int

    init?(_ status: [String: Any]?) {
        guard let fields = status?["scheduler"] as? [String: Any], let enabled = fields["cycleEnabled"] as? Bool,
            let suspended = fields["suspended"] as? Bool, let owner = fields["suspendedBy"] as? String,
            let staging = fields["staging"] as? Bool, let interval = fields["intervalSeconds"] as? Int
        else { return nil }
        cycleEnabled = enabled
        self.suspended = suspended
        suspendedBy = owner
        self.staging = staging
        intervalSeconds = interval
    }
}

/// Why a server could not be recorded.
public struct RecordError: Error, CustomStringConvertible {
    public let description: String
}
