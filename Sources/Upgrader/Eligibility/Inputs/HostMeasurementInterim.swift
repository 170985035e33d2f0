import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

enum HostMeasurement {
    static func measure(_ layout: ServerLayout, _ configuration: UpgraderConfiguration, repository: String?)
        -> HostFacts
    {
        HostFacts(
            freeDiskBytes: try? DurableFiles.freeBytes(
                DurableFiles.exists(layout.upgrader) ? layout.upgrader : layout.service),
            attemptsWritable: DurableFiles.mayWrite(below: layout.upgrader))
    }
}

extension RepositoryAccess {
    init?(from error: any Error) { return nil }
}
extension EligibilityReport {
    mutating func complete(_ repository: PublishedRepository, installed: ProductVersion, today: ReleaseDate) {}
}
