import TestSupport
import Testing
import Upgrader

/// A moment of an attempt: one record of its journal, just before it is written or just after it is on disk.
struct Moment: CustomTestStringConvertible, Sendable {
    let release: PublishedReleases.Version
    /// Parts of the record, all of them in its line.
    let record: [String]
    let isOnDisk: Bool

    var testDescription: String {
        "\(release), \(isOnDisk ? "after" : "before") \(record.joined(separator: " ").filter { $0 != "\"" })"
    }

    /// The state has been entered and nothing of it done.
    static func entered(_ state: UpgradeState, _ release: PublishedReleases.Version) -> Moment {
        Moment(release: release, record: [#""kind":"intent""#, #""state":"\#(state.rawValue)""#], isOnDisk: true)
    }

    /// All of the state is done, and not yet recorded.
    static func done(_ state: UpgradeState, _ release: PublishedReleases.Version) -> Moment {
        Moment(release: release, record: [#""kind":"result""#, #""state":"\#(state.rawValue)""#], isOnDisk: false)
    }

    /// The states from `planning` to the end, where one of them may fail, in the order of the transition table.
    static func way(failing: UpgradeState? = nil) -> [UpgradeState] {
        var states = [UpgradeState.planning]
        while let state = states.last {
            guard case .enter(let next) = state.next(after: state == failing ? .failed : .done) else { break }
            states.append(next)
        }
        return states
    }

    /// Every state of an upgrade and of each way back, at its beginning and, where it changes the server, at its end.
    static let all: [Moment] = {
        let good = way()
        var moments = good.map { entered($0, .good) }
        moments += good.filter { $0.holdsLease }.map { done($0, .good) }
        for (release, failing) in [
            (PublishedReleases.Version.pausedMigrationFails, UpgradeState.migrating),
            (.postTestFails, .postTesting), (.exportsFail, .observing),
        ] {
            let back = way(failing: failing).drop { $0 != failing }.dropFirst()
            moments += back.flatMap { [entered($0, release), done($0, release)] }
        }
        return moments
    }()
}
