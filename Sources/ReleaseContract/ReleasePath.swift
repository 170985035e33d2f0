/// The rules for the path of a file inside a release, the same for `release.json` and for entries of an archive.
public enum ReleasePath {
    /// The longest path, in bytes, that leaves room for the folders above it.
    public static let longest = 1024
    /// The longest name of one file or folder, in bytes, that Linux file systems take.
    public static let longestComponent = 255

    /// What is wrong with a path, in words that follow "the path", or nil when it may be used.
    public static func problem(_ path: String) -> String? {
        if path.isEmpty { return "is empty" }
        if path.utf8.first == UInt8(ascii: "/") { return "is absolute" }
        if path.utf8.count > longest { return "is longer than \(longest) bytes" }
        if path.unicodeScalars.contains(where: isInvisible) { return "has a control character" }
        for component in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if component.isEmpty { return "has an empty component" }
            if component.elementsEqual("..".utf8) { return "has a component '..'" }
            if component.elementsEqual(".".utf8) { return "has a component '.'" }
            if component.count > longestComponent { return "has a component longer than \(longestComponent) bytes" }
        }
        return nil
    }

    /// One form for all paths that a case-insensitive or normalizing file system would hold to be the same. Swift
    /// compares strings by canonical equivalence, so lower case is all that is left to do.
    public static func folded(_ path: String) -> String { path.lowercased() }

    /// The folders above a path, outermost first: `a/b/c` has `a` and `a/b`.
    public static func folders(above path: String) -> [String] {
        let bytes = Array(path.utf8)
        return bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") }.map {
            String(decoding: bytes[..<$0], as: UTF8.self)
        }
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

/// The paths of one tree as they are met, so that two of them cannot name one place.
public struct ReleasePathSet: Sendable {
    private enum Kind { case file, folder }
    private var seen: [String: (path: String, kind: Kind)] = [:]

    public init() {}

    /// Adds a file; returns what is wrong with it beside those that are there already.
    public mutating func add(file path: String) -> String? {
        if let problem = addFolders(above: path) { return problem }
        if let other = seen[ReleasePath.folded(path)] {
            if other.kind == .folder { return "is a folder of another entry" }
            return sameBytes(other.path, path) ? "occurs twice" : "differs from \"\(other.path)\" by case only"
        }
        seen[ReleasePath.folded(path)] = (path, .file)
        return nil
    }

    /// Adds a folder, which may be there already as the folder of a file.
    public mutating func add(folder path: String) -> String? {
        addFolders(above: path) ?? addFolder(path)
    }

    private mutating func addFolders(above path: String) -> String? {
        for folder in ReleasePath.folders(above: path) {
            if let problem = addFolder(folder) { return problem }
        }
        return nil
    }

    private mutating func addFolder(_ path: String) -> String? {
        guard let other = seen[ReleasePath.folded(path)] else {
            seen[ReleasePath.folded(path)] = (path, .folder)
            return nil
        }
        if other.kind == .file { return "lies below \"\(other.path)\", which is a file" }
        return sameBytes(other.path, path) ? nil : "needs a folder that differs from \"\(other.path)\" by case only"
    }

    private func sameBytes(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }
}
