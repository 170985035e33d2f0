import Documents
import SyncConfiguration
import VersionCatalog

/// The eligibility report of a server from what can be read of it, put together from the built-in catalog.
public enum CheckReport {
    /// Why there is no report.
    public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// The input that the user named cannot be read.
        case input(ExportError)
        /// The catalog inside this program is damaged, which is a mistake of the program.
        case catalog(DocumentError)

        public var description: String {
            switch self {
            case .input(let error): error.description
            case .catalog(let error): "the built-in catalog: \(error)"
            }
        }

        public var exitStatus: Int32 {
            switch self {
            case .input(let error):
                switch error.kind {
                case .badInput: 65
                case .noSuchInput: 66
                case .notPermitted: 77
                }
            case .catalog: 70
            }
        }
    }

    /// Reads an exported configuration and judges it. Nothing is written, and nothing else is read.
    ///
    /// - Parameter target: the only version that is wanted; nil for the newest that automatic upgrade offers.
    public static func forExport(_ path: String, target: ProductVersion? = nil) throws(Failure)
        -> EligibilityReport
    {
        let configuration: ServerConfiguration
        do { configuration = try ExportFolder(path: path).read() } catch { throw .input(error) }
        let conditions: ConditionCatalog
        let history: ReleaseHistory
        do {
            conditions = try BuiltInCatalog.conditions()
            history = try BuiltInCatalog.releases()
        } catch { throw .catalog(error) }

        let facts = ServerFacts(configuration: configuration, folder: path)
        return report(facts: facts, conditions: conditions.conditions, history: history, target: target)
    }

    /// Judges a server of the real product against its release history.
    static func report(
        facts: ServerFacts, conditions: [Condition], history: ReleaseHistory, target: ProductVersion?
    ) -> EligibilityReport {
        let decision = facts.version.map {
            // A wanted version may be one that people install by hand.
            ReleaseChoice.candidate(
                installed: $0, product: history.product, offered: history.offered,
                channel: target == nil ? ReleaseHistory.autoUpgradeChannel : ReleaseHistory.downloadChannel,
                target: target)
        }
        return Eligibility.evaluate(
            facts: facts, conditions: conditions, decision: decision, live: false,
            notes: HistoryNotes.notes(installed: facts.version, history: history))
    }
}

/// What the release history says of an installed version.
enum HistoryNotes {
    static func notes(installed: ProductVersion?, history: ReleaseHistory) -> [String] {
        guard let installed else { return [] }
        var notes: [String] = []
        if let retired = history[installed]?.retired {
            notes.append("Support for \(installed) ends or ended on \(retired).")
        }
        if history[installed] == nil { notes.append("\(installed) is not in the release history.") }
        for stop in history.hardStops where installed < stop.below {
            notes.append("From \(stop.from) on, \(stop.effect) below \(stop.below).")
        }
        let newer = history.releases.filter { $0.version > installed && $0.withdrawn == nil }
        let missed = newer.count { $0.isSecurityRelease }
        if missed > 0 { notes.append("\(missed) newer release\(missed == 1 ? " has" : "s have") security fixes.") }
        if let newest = newer.first(where: { $0.channels.contains(ReleaseHistory.downloadChannel) }) {
            let date = newest.released.map { " of \($0)" } ?? ""
            let system = newest.minimumSystem.map { "; it needs \($0) or newer" } ?? ""
            notes.append("The newest release for an attended upgrade is \(newest.version)\(date)\(system).")
        }
        notes.append("The release history in this program ends on \(history.knownUntil).")
        return notes
    }
}
