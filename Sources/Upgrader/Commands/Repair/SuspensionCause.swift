import Documents
import ReleaseContract

/// Why automatic upgrade is Suspended, worked out from what the server recorded and what holds today.
public enum SuspensionCause: Equatable, Sendable {
    /// The installed version is below 1.1.750.0: the defect that Suspended, once set, stops every later automatic upgrade.
    case oldDefect(ProductVersion)
    /// Conditions that hold today, the recorded one among them or not.
    case stillHolds([ResultCode])
    /// The recorded condition does not hold any more.
    case noLongerHolds(ResultCode)
    /// A temporary obstacle was recorded as a suspension, which it never is.
    case temporaryAbort(ResultCode)
    /// An upgrade failed; both ways back are told by the code.
    case failedUpgrade(ResultCode)
    /// An attempt was cut off.
    case interruptedAttempt(String)
    /// The documents of an attempt cannot be read.
    case unreadableAttempt(String)
    /// A reason that is none of the codes: the server's own words.
    case otherReason(String)
    case noReason

    /// In one sentence.
    public var sentence: String {
        switch self {
        case .oldDefect(let version):
            "version \(version) is below 1.1.750.0, where a defect turns Suspended into a lasting obstacle"
        case .stillHolds(let codes):
            "\(codes.map(\.description).joined(separator: ", ")) still \(codes.count == 1 ? "holds" : "hold")"
        case .noLongerHolds(let code): "it was \(code), which does not hold any more"
        case .temporaryAbort(let code):
            "\(code) is a temporary obstacle and no reason to be Suspended; an older program recorded it so"
        case .failedUpgrade(let code): "an upgrade ended with \(code)"
        case .interruptedAttempt(let attempt): "attempt \(attempt) was interrupted"
        case .unreadableAttempt(let attempt): "the documents of attempt \(attempt) cannot be read"
        case .otherReason(let text): "the recorded reason is \"\(text)\", which is none of the known codes"
        case .noReason: "no reason was recorded"
        }
    }
}

extension SuspensionCause {
    /// What is known of the attempts before anything is mended.
    public struct Attempts: Equatable, Sendable {
        public var interrupted: String?
        public var unreadable: String?

        public init(interrupted: String? = nil, unreadable: String? = nil) {
            self.interrupted = interrupted
            self.unreadable = unreadable
        }
    }

    /// Every cause that can be made out, what weighs most first. Empty on a server that is not Suspended.
    public static func causes(of report: EligibilityReport, attempts: Attempts) -> [SuspensionCause] {
        guard report.facts.autoUpgradeState == .suspended else { return [] }
        var causes: [SuspensionCause] = []
        let lasting = report.failures.filter { $0.code.kind == .notSupported }.map(\.code)
        if lasting.contains(.notSupported("VersionBelowFloor")), let version = report.facts.version {
            causes.append(.oldDefect(version))
        }
        let others = lasting.filter { $0 != .notSupported("VersionBelowFloor") }
        if !others.isEmpty { causes.append(.stillHolds(others)) }
        if let attempt = attempts.interrupted { causes.append(.interruptedAttempt(attempt)) }
        if let attempt = attempts.unreadable { causes.append(.unreadableAttempt(attempt)) }
        if let recorded = recorded(report, stillHolding: lasting) { causes.append(recorded) }
        return causes
    }

    /// What the recorded reason says; nil where it holds and was said above.
    private static func recorded(
        _ report: EligibilityReport, stillHolding lasting: [ResultCode]
    ) -> SuspensionCause? {
        guard let text = report.facts.suspensionReason else { return .noReason }
        guard let code = ResultCode(text) else { return .otherReason(text) }
        switch code.kind {
        case .notSupported: return lasting.contains(code) ? nil : .noLongerHolds(code)
        case .aborted: return .temporaryAbort(code)
        case .rolledBack, .rollbackFailed: return .failedUpgrade(code)
        case .success: return .otherReason(text)
        }
    }
}
