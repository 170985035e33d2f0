import Documents
import VersionCatalog

extension EligibilityReport {
    /// Adds what the release history says around the decision: its place in time, and what the way brings.
    mutating func tell(_ history: ReleaseHistory, today: ReleaseDate) {
        timeline = Timeline(history: history, cast: cast, today: today)
        guard let installed = facts.version, let destination else { return }
        brings = history.changes(after: installed, through: destination)
    }

    /// The same from a published repository.
    mutating func tell(_ repository: PublishedRepository, today: ReleaseDate) {
        timeline = Timeline(repository: repository, cast: cast, today: today)
        guard let installed = facts.version, let destination else { return }
        brings = repository.changes(after: installed, through: destination)
    }

    private var cast: Timeline.Cast {
        Timeline.Cast(installed: facts.version, path: decision?.path ?? [], attended: attended?.destination)
    }

    /// Where the server can go: by itself where that is open to it, by hand otherwise.
    private var destination: ProductVersion? {
        if case .notSupported = verdict, let attended = attended?.destination { return attended }
        return decision?.destination ?? attended?.destination
    }
}
