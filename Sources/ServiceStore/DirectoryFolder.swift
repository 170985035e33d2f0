import LinuxHost
import SyncEngine

/// The folder that stands for a directory: `full.ldif`, a dump, and `000001.ldif`, `000002.ldif`, … , what changed since; or one
/// such folder per partition.
struct DirectoryFolder {
    struct Partition: Equatable {
        /// Empty for a directory of one partition.
        let name: String
        let folder: String

        var dump: String { "\(folder)/full.ldif" }
        func change(_ number: Int) -> String { "\(folder)/\(Self.padded(number)).ldif" }

        private static func padded(_ number: Int) -> String {
            String(repeating: "0", count: max(0, 6 - String(number).count)) + String(number)
        }

        /// Numbers of the change files after `watermark`, up to the first that is missing, and whether later ones exist.
        func changes(after watermark: Int) throws -> (numbers: [Int], gap: Int?) {
            let present = Set(
                (try DurableFiles.list(folder) ?? []).compactMap { name -> Int? in
                    guard name.utf8.count == 11, name.hasSuffix(".ldif") else { return nil }
                    return Int(name.prefix(6))
                })
            var numbers: [Int] = []
            while present.contains(watermark + numbers.count + 1) { numbers.append(watermark + numbers.count + 1) }
            let last = watermark + numbers.count
            return (numbers, present.contains { $0 > last } ? last + 1 : nil)
        }
    }

    let partitions: [Partition]

    /// Looks at the folder; `known` are the partitions that were imported before: one that is gone is still named, so that
    /// reading it fails and nobody takes its objects for deleted.
    init(path: String, known: [String]) throws {
        if known == [""] || (known.isEmpty && DurableFiles.exists("\(path)/full.ldif")) {
            partitions = [Partition(name: "", folder: path)]
            return
        }
        var names = Set(known)
        for name in try DurableFiles.list(path) ?? [] where DurableFiles.exists("\(path)/\(name)/full.ldif") {
            names.insert(name)
        }
        if names.isEmpty { names = [""] }
        partitions = names.sorted().map { Partition(name: $0, folder: $0.isEmpty ? path : "\(path)/\($0)") }
    }
}
