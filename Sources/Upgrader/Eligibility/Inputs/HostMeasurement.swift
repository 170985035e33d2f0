import Glibc
import LinuxHost
import ReleaseContract

/// Measures the machine on which a server runs. It looks, changes nothing, and takes no longer the more data there is: every
/// `run` does it. What cannot be measured stays unknown.
public enum HostMeasurement {
    /// - Parameter repository: the folder or address from which releases would come; nil where none is named.
    static func measure(
        _ layout: ServerLayout, _ configuration: UpgraderConfiguration, repository: String?
    ) -> HostFacts {
        var facts = facts(layout)
        facts.userID = Int(getuid())
        facts.proxy = ProxyFacts.measured(
            repository: repository, configuration: configuration, idleSeconds: configuration.proxyIdleSeconds)
        return facts
    }

    /// - Parameter addresses: those of the machine's network interfaces; nil where they are not known.
    public static func facts(
        _ layout: ServerLayout, machine: Machine = Machine(),
        addresses: [InterfaceAddress]? = try? InterfaceAddress.current()
    ) -> HostFacts {
        var facts = HostFacts()
        facts.freeDiskBytes = freeBytes([layout.upgrader, layout.releases, layout.generations])
        facts.attemptsWritable = DurableFiles.mayWrite(below: layout.upgrader)
        facts.diskBytes = try? DurableFiles.diskBytes(nearestFolder(layout.generations))
        facts.memoryBytes = machine.memoryBytes
        facts.processorMegahertz = machine.processorMegahertz
        facts.isFIPS = machine.isFIPS
        facts.isIPv6Only = addresses.map(InterfaceAddress.areVersion6Only)
        facts.foreignWriters = try? ForeignWriters.find(layout)
        return facts
    }

    /// The smallest of what is free on the file systems that hold these folders; nil where one of them does not tell.
    private static func freeBytes(_ folders: [String]) -> Int? {
        var least: Int?
        for folder in folders {
            guard let free = try? DurableFiles.freeBytes(nearestFolder(folder)) else { return nil }
            least = min(least ?? free, free)
        }
        return least
    }

    /// The folder itself, or the first one above it that is there: it will be made on that one's file system.
    private static func nearestFolder(_ path: String) -> String {
        var place = path
        while !DurableFiles.exists(place), place != "/", place != "." { place = DurableFiles.folder(of: place) }
        return place
    }
}
