import LinuxHost
import ReleaseContract

/// Looks for folders and files of a server that an account could change which has no business there: neither root nor the
/// account that owns the data.
///
/// Looked at are the folders on the way down from the root, the releases with their programs, the generations with database and
/// keys, the upgrader's state, and both configurations with the trusted root, the packaged one too. Of folders that grow, only so many names are
/// looked at that a run does not get slower for them.
struct ForeignWriters {
    /// More are not named: whoever mends ten finds the others at the next look.
    static let mostNamed = 10
    private static let namesPerFolder = 100

    private let root: String
    private let accounts: Set<Int>
    private var found: [String] = []
    private var seen: Set<String> = []

    /// Paths relative to the root; nil where there is no server.
    static func find(_ layout: ServerLayout) throws(HostError) -> [String]? {
        guard let generation = try DurableFiles.linkTarget(layout.current) else { return nil }
        let data = "\(layout.service)/\(generation)/data"
        guard let rights = try FileRights(data) else { return nil }
        var search = ForeignWriters(root: layout.root, accounts: [0, rights.owner])
        for (path, depth) in [
            // A release's top level and its programs; the archives' own lists guard the rest.
            (layout.releases, 1), (layout.service, 1), (layout.generations, 1), (data, 2),
            (layout.serviceConfiguration, 2), (layout.upgraderConfiguration, 2), (layout.upgrader, 2),
            (layout.metadata, 2), (DurableFiles.folder(of: layout.packagedRoot), 1),
        ] {
            try search.lookDown(to: path)
            try search.look(below: path, depth: depth)
        }
        for name in try DurableFiles.list(layout.releases) ?? [] {
            try search.look(below: "\(layout.releases)/\(name)", depth: 1)
            try search.look(below: "\(layout.releases)/\(name)/bin", depth: 1)
        }
        return search.found
    }

    private init(root: String, accounts: Set<Int>) {
        self.root = root
        self.accounts = accounts
    }

    private var isFull: Bool { found.count >= Self.mostNamed }

    /// The folders from the root down to this one: whoever can rename one of them replaces all that is in it.
    private mutating func lookDown(to path: String) throws(HostError) {
        var folders = [path]
        while let last = folders.last, last != root, last != "/", last != "." {
            folders.append(DurableFiles.folder(of: last))
        }
        for folder in folders.reversed() { _ = try look(at: folder) }
    }

    /// What is in a folder, and in its folders down to a depth.
    private mutating func look(below folder: String, depth: Int) throws(HostError) {
        guard depth > 0, !isFull, try DurableFiles.kind(folder) == .folder else { return }
        for name in (try DurableFiles.list(folder) ?? []).prefix(Self.namesPerFolder) {
            let path = "\(folder)/\(name)"
            if try look(at: path) == .folder { try look(below: path, depth: depth - 1) }
        }
    }

    private mutating func look(at path: String) throws(HostError) -> DurableFiles.Kind? {
        guard !isFull, let rights = try FileRights(path) else { return nil }
        if seen.insert(path).inserted, rights.canBeWritten(byOthersThan: accounts) { found.append(relative(path)) }
        return rights.kind
    }

    private func relative(_ path: String) -> String {
        if path == root { return "." }
        let prefix = root == "/" ? 1 : root.utf8.count + 1
        return String(decoding: path.utf8.dropFirst(prefix), as: UTF8.self)
    }
}
