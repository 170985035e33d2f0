import Documents
import ReleaseContract
import SyncConfiguration
import VersionCatalog

/// The reviewed data that an eligibility report rests on, read once for any number of servers.
public struct EligibilityCatalog: Sendable {
    public var conditions: [Condition]
    public var advice: [Advice]
    public var risks: [Risk]
    public var history: ReleaseHistory

    public static func builtIn() throws(DocumentError) -> EligibilityCatalog {
        EligibilityCatalog(
            conditions: try BuiltInCatalog.conditions().conditions, advice: try BuiltInCatalog.advice().advice,
            risks: try BuiltInCatalog.risks().risks, history: try BuiltInCatalog.releases())
    }
}

/// What is asked of a server beside its input.
public struct EligibilityQuestion: Equatable, Sendable {
    /// The only version that is wanted; nil for the newest that automatic upgrade offers.
    public var target: ProductVersion?
    /// The day on which releases are offered.
    public var today: ReleaseDate
    /// Risks that somebody accepted by name.
    public var acceptedRisks: Set<String>

    public init(target: ProductVersion? = nil, today: ReleaseDate, acceptedRisks: Set<String> = []) {
        self.target = target
        self.today = today
        self.acceptedRisks = acceptedRisks
    }
}

/// The eligibility report of a server of the real product from what can be read of it.
public struct CheckReport: Sendable {
    /// Why there is no report.
    public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// The input that the user named cannot be read.
        case input(ExportError)
        /// The catalog inside this program is damaged, which is a mistake of the program.
        case catalog(DocumentError)
        /// Risks were accepted that nobody knows.
        case unknownRisks([String])

        public var description: String {
            switch self {
            case .input(let error): error.description
            case .catalog(let error): "the built-in catalog: \(error)"
            case .unknownRisks(let names):
                "no release has a risk called \(names.joined(separator: ", ")); 'aadc-upgrade check' names those that "
                    + "concern a server"
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
            case .unknownRisks: 65
            }
        }
    }

    public let catalog: EligibilityCatalog
    public let question: EligibilityQuestion

    public init(_ question: EligibilityQuestion) throws(Failure) {
        let catalog: EligibilityCatalog
        do { catalog = try EligibilityCatalog.builtIn() } catch { throw .catalog(error) }
        try self.init(question, catalog: catalog)
    }

    init(_ question: EligibilityQuestion, catalog: EligibilityCatalog) throws(Failure) {
        let strangers = question.acceptedRisks.subtracting(catalog.risks.map(\.id))
        guard strangers.isEmpty else { throw .unknownRisks(strangers.sorted()) }
        self.catalog = catalog
        self.question = question
    }

    /// Reads an exported configuration and judges it. Nothing is written, and nothing else is read.
    public func forExport(_ path: String) throws(Failure) -> EligibilityReport {
        let configuration: ServerConfiguration
        do { configuration = try ExportFolder(path: path).read() } catch { throw .input(error) }
        return report(ServerFacts(configuration: configuration, folder: path))
    }

    /// Reads two exported configurations and tells what is different.
    public static func compare(_ path: String, _ other: String) throws(Failure) -> ServerComparison {
        do {
            return .make(try ExportFolder(path: path).read(), try ExportFolder(path: other).read())
        } catch { throw .input(error) }
    }

    /// Reads the printed parameters of a server and judges what they tell.
    public func forSettings(_ path: String) throws(Failure) -> EligibilityReport {
        do { return report(ServerFacts(settings: try PrintedSettings(file: path), file: path)) } catch {
            throw .input(error)
        }
    }

    /// Many exports; one that cannot be read is a line of its own and keeps no other from its answer.
    public func forExports(_ paths: [String]) -> (summary: EligibilitySummary, reports: [EligibilityReport]) {
        var reports: [EligibilityReport] = []
        let entries = paths.map { path in
            do throws(Failure) {
                let report = try forExport(path)
                reports.append(report)
                return EligibilitySummary.Entry.server(EligibilitySummary.Row(report, input: path))
            } catch {
                return .unreadable(.init(input: path, error: error.description, exitStatus: error.exitStatus))
            }
        }
        return (EligibilitySummary(entries: entries), reports)
    }

    /// Judges a server of the real product against its release history.
    public func report(_ facts: ServerFacts) -> EligibilityReport {
        // A wanted version may be one that people install by hand.
        let channel = question.target == nil ? ReleaseHistory.autoUpgradeChannel : ReleaseHistory.downloadChannel
        let decision = facts.version.map { choose(facts, $0, channel: channel, target: question.target) }
        var report = Eligibility.evaluate(
            facts: facts, conditions: catalog.conditions, advice: catalog.advice, decision: decision, live: false)
        guard let installed = facts.version else { return report }
        report.advice += HistoryAdvice.findings(
            installed: installed, history: catalog.history, today: question.today)
        report.attended = choose(facts, installed, channel: ReleaseHistory.downloadChannel, target: nil)
        report.tell(catalog.history, today: question.today)
        return report
    }

    private func choose(
        _ facts: ServerFacts, _ installed: ProductVersion, channel: String, target: ProductVersion?
    ) -> ReleaseDecision {
        ReleaseChoice.candidate(
            installed: installed, product: catalog.history.product,
            offered: catalog.history.offered(on: question.today, channel: channel), channel: channel, target: target,
            unknownRisksBlock: false
        ) { from, to in
            catalog.risks.filter { $0.concerns(from: from, to: to) }.map { risk in
                risk.judge(accepted: question.acceptedRisks) { facts.fact($0, requiredDiskBytes: nil) }
            }
        }
    }
}
