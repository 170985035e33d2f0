import LinuxHost
import ReleaseContract

/// The rights that repairing a server needs, asked for before anything is touched.
enum RepairRights {
    /// The first that this account lacks, with what it would be needed for; nil where it has all.
    static func missing(_ layout: ServerLayout) -> String? {
        guard DurableFiles.exists(layout.service) else { return nil }
        let needed = [
            (layout.upgrader, "the attempts and the run lock are kept there"),
            (layout.service, "the active generation is switched there"),
            (layout.generations, "the server's data lies there"),
        ]
        for (folder, purpose) in needed where !DurableFiles.mayWrite(below: folder) {
            return
                "this account lacks the right to write in \(folder): \(purpose). Run as the service's account or root"
        }
        return nil
    }
}
