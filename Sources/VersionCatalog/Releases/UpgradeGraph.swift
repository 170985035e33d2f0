import Documents

/// The installed version and the newer releases that can be had, and which upgrades between them are open.
///
/// Upgrades only go forwards, so the order of the versions is an order of the graph. Vertex 0 is the installed version. What
/// is known of an upgrade is asked for once, and only where a search comes by it: in the common case the newest release
/// is open at once, and one question is all.
final class UpgradeGraph {
    /// What a search overlooks, each more than the one before, to find out what stands in the way.
    enum Overlooked: Int, Comparable {
        case nothing
        /// As though no release were withheld.
        case withholding
        /// And as though every unknown risk were ruled out.
        case unknownRisks
        /// And as though every risk were accepted.
        case risks

        static func < (left: Overlooked, right: Overlooked) -> Bool { left.rawValue < right.rawValue }
    }

    private struct Upgrade: Hashable {
        let from: Int
        let to: Int
    }

    /// Oldest first; vertex `n` is `releases[n - 1]`.
    let releases: [OfferedRelease]
    let installed: ProductVersion
    let withheld: [ProductVersion: String]
    private let unknownRisksBlock: Bool
    private let risks: (ProductVersion, ProductVersion) -> [RiskFinding]
    private var judged: [Upgrade: [RiskFinding]] = [:]
    private var distances: [Overlooked: [Int: Int?]] = [:]

    /// - Parameter releases: what the server's channel offers and is newer than the installed version, in any order.
    init(
        installed: ProductVersion, releases: [OfferedRelease], withheld: [ProductVersion: String],
        unknownRisksBlock: Bool, risks: @escaping (ProductVersion, ProductVersion) -> [RiskFinding]
    ) {
        self.installed = installed
        self.releases = releases.sorted { $0.version < $1.version }
        self.withheld = withheld
        self.unknownRisksBlock = unknownRisksBlock
        self.risks = risks
    }

    func version(_ vertex: Int) -> ProductVersion { vertex == 0 ? installed : releases[vertex - 1].version }

    func vertex(of version: ProductVersion) -> Int? {
        releases.firstIndex { $0.version == version }.map { $0 + 1 }
    }

    func release(_ vertex: Int) -> OfferedRelease? { vertex == 0 ? nil : releases[vertex - 1] }

    // MARK: One upgrade

    /// Whether a release accepts the server as it is after another one.
    func accepts(_ to: Int, from: Int) -> Bool {
        guard let release = release(to), release.version > version(from) else { return false }
        return release.accepts(version(from))
    }

    func findings(from: Int, to: Int) -> [RiskFinding] {
        let upgrade = Upgrade(from: from, to: to)
        if let known = judged[upgrade] { return known }
        let found = risks(version(from), version(to))
        judged[upgrade] = found
        return found
    }

    /// The findings that close an upgrade.
    func blocking(from: Int, to: Int, overlooking overlooked: Overlooked = .nothing) -> [RiskFinding] {
        findings(from: from, to: to).filter { finding in
            switch finding.outcome {
            case .applies: overlooked < .risks
            case .unknown: unknownRisksBlock && overlooked < .unknownRisks
            case .accepted, .clear, .note: false
            }
        }
    }

    private func isOpen(from: Int, to: Int, _ overlooked: Overlooked) -> Bool {
        guard accepts(to, from: from) else { return false }
        if overlooked < .withholding, withheld[version(to)] != nil { return false }
        return blocking(from: from, to: to, overlooking: overlooked).isEmpty
    }

    // MARK: Paths

    /// The fewest upgrades that lead to a release; nil where none do.
    func distance(to vertex: Int, overlooking overlooked: Overlooked = .nothing) -> Int? {
        if let known = distances[overlooked]?[vertex] { return known }
        let found = isOpen(from: 0, to: vertex, overlooked) ? 1 : indirectDistance(to: vertex, overlooked)
        distances[overlooked, default: [:]][vertex] = .some(found)
        return found
    }

    /// The older ones come first, so that nothing is asked for twice and the questions never nest deeply.
    private func indirectDistance(to vertex: Int, _ overlooked: Overlooked) -> Int? {
        var before: [(vertex: Int, distance: Int)] = []
        for other in 1..<vertex {
            guard let distance = distance(to: other, overlooking: overlooked) else { continue }
            before.append((other, distance))
        }
        before.sort { ($0.distance, $1.vertex) < ($1.distance, $0.vertex) }
        return before.first { isOpen(from: $0.vertex, to: vertex, overlooked) }.map { $0.distance + 1 }
    }

    /// The way to a release with the fewest upgrades; among those, the one whose first is newest, then whose second is,
    /// and so on.
    func path(to destination: Int, overlooking overlooked: Overlooked = .nothing) -> [Int]? {
        guard let length = distance(to: destination, overlooking: overlooked) else { return nil }
        // From the end: which releases lead on to the destination in as many upgrades as are left.
        var layers = [[destination]]
        for step in stride(from: length - 1, to: 0, by: -1) {
            let next = layers[layers.count - 1]
            layers.append(
                (1..<destination).filter { vertex in
                    distance(to: vertex, overlooking: overlooked) == step
                        && next.contains { isOpen(from: vertex, to: $0, overlooked) }
                })
        }
        // From the beginning: the newest of each.
        var path: [Int] = []
        for layer in layers.reversed() {
            let here = path.last ?? 0
            guard let next = layer.last(where: { isOpen(from: here, to: $0, overlooked) }) else { return nil }
            path.append(next)
        }
        return path
    }

    /// The way to the newest release that can be reached.
    func newestPath(overlooking overlooked: Overlooked = .nothing) -> [Int]? {
        for vertex in stride(from: releases.count, to: 0, by: -1) {
            if let path = path(to: vertex, overlooking: overlooked) { return path }
        }
        return nil
    }

    /// What is known of all upgrades of a path, each risk once with its worst outcome.
    func findings(along path: [Int]) -> [RiskFinding] {
        var all: [RiskFinding] = []
        var places: [String: Int] = [:]
        for (from, to) in zip([0] + path, path) {
            for finding in findings(from: from, to: to) {
                guard let place = places[finding.risk.id] else {
                    places[finding.risk.id] = all.count
                    all.append(finding)
                    continue
                }
                if finding.outcome.severity > all[place].outcome.severity { all[place] = finding }
            }
        }
        return all
    }
}

extension OfferedRelease {
    /// Whether it upgrades a server that runs this version.
    func accepts(_ installed: ProductVersion) -> Bool {
        if let upgradesFrom, installed < upgradesFrom { return false }
        return !refuses.contains { $0.contains(installed) }
    }
}

extension RiskFinding.Outcome {
    /// How much it weighs where several upgrades of a path meet one risk.
    var severity: Int {
        switch self {
        case .clear: 0
        case .note: 1
        case .accepted: 2
        case .unknown: 3
        case .applies: 4
        }
    }
}
