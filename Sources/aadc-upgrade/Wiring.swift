import ArgumentParser
import Documents
import Glibc
import LinuxHost
import ReleaseContract
import Upgrader

/// Options that every command on a server has.
struct ServerOptions: ParsableArguments {
    @Option(help: "The server's root folder.")
    var root: String = "/"

    @Option(help: "The published repository: a folder, or a file:, http: or https: URL. Default: as configured.")
    var catalog: String?
}

/// The one place where the real clock, files, processes and transfers are put together.
enum Wiring {
    /// - Parameter dryRun: nothing is written, what was verified of a repository neither.
    static func installation(_ options: ServerOptions, dryRun: Bool = false) throws -> Installation {
        var root = options.root
        if !root.hasPrefix("/") {
            guard let folder = getcwd(nil, 0) else { throw CommandError(ExitStatus.noInput, "no working folder") }
            defer { free(folder) }
            root = "\(String(cString: folder))/\(root)"
        }
        guard try DurableFiles.kind(root) == .folder else {
            throw CommandError(ExitStatus.noInput, "\(root): no such folder; --root names the root of a server")
        }
        let layout = ServerLayout(root: root)
        let clock = SystemClock()
        let configuration: UpgraderConfiguration
        do {
            configuration = try UpgraderConfiguration.read(layout)
        } catch let error as DocumentError {
            throw CommandError(ExitStatus.badInput, error.description)
        }
        let isNamed = options.catalog != nil
        return Installation(
            layout: layout, configuration: configuration, clock: clock, narrator: TerminalNarrator(),
            unpacker: ProcessUnpacker(program: neighbour("aadc-unpack"), clock: clock),
            supervisor: supervisor(layout, configuration, clock), rescuer: neighbour("aadc-rescuer"),
            openSource: { name in
                try RepositorySource(
                    name, isNamed: isNamed, keepsMetadata: !dryRun, layout: layout, configuration: configuration,
                    clock: clock)
            })
    }

    /// The reviewed data inside this program.
    static func catalog() throws -> EligibilityCatalog {
        do {
            return try EligibilityCatalog.builtIn()
        } catch {
            throw CommandError(ExitStatus.internalError, "the built-in catalog: \(error)")
        }
    }

    /// systemd runs the service of a whole machine where a unit is named; below another root it is a process of its own.
    private static func supervisor(_ layout: ServerLayout, _ configuration: UpgraderConfiguration, _ clock: SystemClock)
        -> any ServiceSupervisor
    {
        if let unit = configuration.unit, layout.root == "/" {
            return SystemdSupervisor(unit: unit, layout: layout, configuration: configuration, clock: clock)
        }
        return DetachedSupervisor(layout: layout, configuration: configuration, clock: clock)
    }

    /// A program that is installed beside this one.
    private static func neighbour(_ name: String) -> String {
        let own = (try? DurableFiles.linkTarget("/proc/self/exe")) ?? nil
        return "\(DurableFiles.folder(of: own ?? "/usr/bin/aadc-upgrade"))/\(name)"
    }
}

/// Runs a command's body and turns every error into one line and the documented exit status.
func finishing(_ body: () throws -> CommandEnd) throws {
    let end: CommandEnd
    do {
        end = try body()
    } catch let error as CommandError {
        end = CommandEnd(error.exitStatus, nil, error.message)
    } catch let error as HostError where error.isNotPermitted {
        end = CommandEnd(ExitStatus.notPermitted, nil, "\(error); run as the account that owns the server's folders")
    } catch {
        let failure = StepFailure(from: error)
        let code = ResultCode.Reason(failure.reason).map { ResultCode.aborted($0) }
        let status =
            switch failure.reason {
            case "InternalError": ExitStatus.internalError
            // Trying again does not make a server of a folder that is none.
            case "NoActiveGeneration": ExitStatus.noInput
            default: ExitStatus.tryAgain
            }
        end = CommandEnd(status, code, failure.message)
    }
    let prefix = end.code.map { "\($0): " } ?? ""
    Output.line(prefix + end.message, to: end.exitStatus == 0 ? 1 : 2)
    throw ExitCode(end.exitStatus)
}
