/// How an attempt or a check ended, in the field's own words: `Success`, `UpgradeAborted…`, `UpgradeNotSupported…`,
/// `UpgradeFailedRollbackSuccess-<Reason>` or `UpgradeFailedRollbackFailed-<Reason>`.
public struct ResultCode: Hashable, Sendable, CustomStringConvertible {
    /// What the prefix says.
    public enum Kind: String, Sendable, CaseIterable {
        case success = "Success"
        /// A temporary obstacle, to be tried again.
        case aborted = "UpgradeAborted"
        /// The configuration stands in the way; a person has to act.
        case notSupported = "UpgradeNotSupported"
        /// The upgrade failed and the old version works again.
        case rolledBack = "UpgradeFailedRollbackSuccess-"
        /// The upgrade failed and so did the way back.
        case rollbackFailed = "UpgradeFailedRollbackFailed-"
    }

    public let kind: Kind
    /// What follows the prefix; empty for a success.
    public let reason: String

    public static let success = ResultCode(kind: .success, reason: "")

    private init(kind: Kind, reason: String) {
        self.kind = kind
        self.reason = reason
    }

    /// A code of the given kind, or nil where the reason is not a word of letters and digits.
    public init?(_ kind: Kind, _ reason: String) {
        let isWord = !reason.isEmpty && reason.utf8.allSatisfy(Self.isLetterOrDigit)
        guard kind == .success ? reason.isEmpty : isWord else { return nil }
        self.init(kind: kind, reason: reason)
    }

    /// Reads a whole code as it is written in journals, events and suspension reasons.
    public init?(_ text: String) {
        for kind in Kind.allCases where text.hasPrefix(kind.rawValue) {
            if let code = ResultCode(kind, String(text.dropFirst(kind.rawValue.count))) {
                self = code
                return
            }
        }
        return nil
    }

    public static func aborted(_ reason: Reason) -> ResultCode { ResultCode(kind: .aborted, reason: reason.text) }
    public static func notSupported(_ reason: Reason) -> ResultCode {
        ResultCode(kind: .notSupported, reason: reason.text)
    }
    public static func rolledBack(_ reason: Reason) -> ResultCode {
        ResultCode(kind: .rolledBack, reason: reason.text)
    }
    public static func rollbackFailed(_ reason: Reason) -> ResultCode {
        ResultCode(kind: .rollbackFailed, reason: reason.text)
    }

    public var description: String { kind.rawValue + reason }

    /// The exit status of a command that ends with this code.
    public var exitStatus: Int32 {
        switch kind {
        case .success: 0
        case .aborted: 75
        case .notSupported: 78
        case .rolledBack: 10
        case .rollbackFailed: 11
        }
    }

    fileprivate static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A)
    }
}

extension ResultCode {
    /// The part of a code that names the reason, written in the source: `.aborted("SyncCycleDisabled")`.
    public struct Reason: ExpressibleByStringLiteral, Sendable {
        public let text: String

        public init(stringLiteral text: StaticString) { self.text = "\(text)" }

        /// A reason from data; nil where it is not a word of letters and digits.
        public init?(_ text: String) {
            guard !text.isEmpty, text.utf8.allSatisfy(ResultCode.isLetterOrDigit) else { return nil }
            self.text = text
        }
    }
}
