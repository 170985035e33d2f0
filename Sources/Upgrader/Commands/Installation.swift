import Documents
import LinuxHost
import ReleaseContract

/// A server as the commands see it: its folders, its configuration and the real effects, wired in one place by the
/// program.
public struct Installation {
    public let layout: ServerLayout
    public let configuration: UpgraderConfiguration
    public let clock: any Clock
    public let narrator: any Narrator
    public let unpacker: any ReleaseUnpacker
    public let supervisor: any ServiceSupervisor
    /// The rescuer's program; nil where none is installed.
    public let rescuer: String?
    /// Opens a repository by the name that an administrator gave it.
    public let openSource: (String) throws -> any ReleaseSource

    public init(
        layout: ServerLayout, configuration: UpgraderConfiguration, clock: any Clock, narrator: any Narrator,
        unpacker: any ReleaseUnpacker, supervisor: any ServiceSupervisor, rescuer: String?,
        openSource: @escaping (String) throws -> any ReleaseSource
    ) {
        self.layout = layout
        self.configuration = configuration
        self.clock = clock
        self.narrator = narrator
        self.unpacker = unpacker
        self.supervisor = supervisor
        self.rescuer = rescuer
        self.openSource = openSource
    }

    /// The control commands of the active release.
    public func activeCommands() throws -> (installed: InstalledRelease, commands: ControlCommands) {
        let installed = try InstalledRelease.active(layout)
        return (
            installed,
            ControlCommands(release: installed.manifest, folder: installed.folder, layout: layout, clock: clock)
        )
    }
}

/// How a command ended: what it prints last, and the exit status.
public struct CommandEnd: Equatable, Sendable {
    public var exitStatus: Int32
    public var code: ResultCode?
    public var message: String

    public init(_ exitStatus: Int32, _ code: ResultCode?, _ message: String) {
        self.exitStatus = exitStatus
        self.code = code
        self.message = message
    }

    public static func code(_ code: ResultCode, _ message: String) -> CommandEnd {
        CommandEnd(code.exitStatus, code, message)
    }
}

/// Exit statuses that are no verdict (sysexits.h).
public enum ExitStatus {
    public static let usage: Int32 = 64
    public static let badInput: Int32 = 65
    public static let noInput: Int32 = 66
    public static let internalError: Int32 = 70
    public static let tryAgain: Int32 = 75
    public static let notPermitted: Int32 = 77
}

/// Something that the caller must put right before a command can do anything.
public struct CommandError: Error, Equatable, Sendable {
    public let exitStatus: Int32
    public let message: String

    public init(_ exitStatus: Int32, _ message: String) {
        self.exitStatus = exitStatus
        self.message = message
    }
}
