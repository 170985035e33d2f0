import LinuxHost
import SyncConfiguration

/// The exports that a person meant: folders of one, and folders of such folders.
public enum ExportSelection {
    private static let mark = "GlobalSettings/MV.xml"

    /// Every export, in the order in which they were named and then by name, each once. What is neither an export nor a
    /// folder of exports stays as it is: reading it tells what is wrong with it.
    public static func expand(_ paths: [String]) -> [String] {
        var seen: Set<String> = []
        return paths.flatMap(exports).filter { seen.insert($0).inserted }
    }

    private static func exports(_ path: String) -> [String] {
        if DurableFiles.exists("\(path)/\(mark)") { return [path] }
        let names = ((try? DurableFiles.list(path)) ?? nil) ?? []
        // A folder beside whole exports that is a damaged one is reported, not passed over.
        let found = names.filter { name in
            ["GlobalSettings", "Connectors", "SynchronizationRules"].contains {
                DurableFiles.exists("\(path)/\(name)/\($0)")
            }
        }
        return found.isEmpty ? [path] : found.map { "\(path)/\($0)" }
    }
}
