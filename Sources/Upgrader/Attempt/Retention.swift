import Documents
import LinuxHost
import ReleaseContract

/// Removes what is no longer needed to go back: old generations and the releases that none of the kept ones runs.
struct Retention {
    let layout: ServerLayout
    let configuration: UpgraderConfiguration

    /// Which of the numbered generations stay: the newest ones, the active one always.
    static func kept(_ generations: [Int], active: Int, count: Int) -> Set<Int> {
        let older = generations.filter { $0 != active }.sorted(by: >)
        return Set([active] + older.prefix(max(0, count - 1)))
    }

    func prune() throws {
        guard let active = try? InstalledRelease.active(layout) else { return }
        let numbers = (try DurableFiles.list(layout.generations) ?? []).compactMap { Int($0) }
        let kept = Self.kept(numbers, active: active.generation, count: configuration.generationsKept)
        for number in numbers where !kept.contains(number) {
            try DurableFiles.removeTree(layout.generation(number))
        }
        let needed = Set(
            try kept.compactMap { try DurableFiles.linkTarget(layout.releaseLink($0)) }
                .compactMap { ProductVersion(DurableFiles.name(of: $0)) })
        let releases = (try DurableFiles.list(layout.releases) ?? []).compactMap { ProductVersion($0) }
        let spare = releases.filter { !needed.contains($0) }.sorted(by: >)
        for version in spare.dropFirst(max(0, configuration.releasesKept - needed.count)) {
            try DurableFiles.removeTree(layout.release(version))
        }
    }
}
