/// The global parameters of a server as PowerShell printed them: what people paste or redirect from
/// `(Get-ADSyncGlobalSettings).Parameters`.
///
/// Tables, lists, CSV and JSON are read. A table loses text: what does not fit into a column is cut, and what is
/// wrapped may be joined in more than one way. Such a value is listed in ``cut`` and is never taken for a whole one.
/// The server's name is not part of the parameters.
public struct PrintedSettings: Equatable, Sendable {
    /// How the parameters were printed.
    public enum Shape: String, Sendable, CaseIterable {
        case table, list, csv, json
    }

    public let shape: Shape
    /// By their full names; empty values are empty texts.
    public let parameters: [String: String]
    /// The names whose values are not known whole, sorted. A name that was itself cut ends in `…`.
    public let cut: [String]
    /// The line of each name in the file, counted from 1.
    public let lines: [String: Int]

    /// The command that prints parameters so that nothing is lost.
    public static let command =
        "(Get-ADSyncGlobalSettings).Parameters | Select-Object Name, Value | "
        + "Export-Csv -NoTypeInformation -Encoding UTF8 settings.csv"

    /// Parameters that every version has which is known to print them, and that this printout lacks: somebody left
    /// them out.
    public var missing: [String] {
        GlobalParameter.ofEveryVersion.filter { parameters[$0] == nil && !isCut($0) }.sorted()
    }

    /// Whether a parameter stands in the printout without its whole value.
    public func isCut(_ name: String) -> Bool { Self.isCut(name, in: cut) }

    /// Whether `name` is one of `cut`, or begins as a name that was itself cut.
    public static func isCut(_ name: String, in cut: some Collection<String>) -> Bool {
        cut.contains { $0 == name || ($0.hasSuffix("…") && name.hasPrefix($0.dropLast())) }
    }

    /// Reads a file.
    public init(file path: String) throws(ExportError) {
        let bytes: [UInt8]
        do { bytes = try ExportFile.read(named: path) } catch {
            let remedy = error.kind == .notPermitted ? "run as a user who may read it, or copy the file" : Self.remedy
            throw ExportError(error.kind, path: path, problem: error.problem, remedy: remedy)
        }
        try self.init(bytes, file: path)
    }

    /// Reads the bytes of a file.
    ///
    /// - Parameter file: Named in errors.
    public init(_ bytes: [UInt8], file: String) throws(ExportError) {
        do throws(PrintProblem) {
            self = try Self.read(bytes)
        } catch {
            throw ExportError(
                .badInput, path: file, line: error.line, problem: error.problem, remedy: Self.remedy)
        }
    }

    static let remedy = "print the parameters with \(command) and name that file"

    init(shape: Shape, entries: [PrintedEntry]) throws(PrintProblem) {
        var parameters: [String: String] = [:]
        var lines: [String: Int] = [:]
        var cut: Set<String> = []
        for entry in entries {
            try entry.checkName()
            if let first = lines[entry.name], parameters[entry.name] != entry.value, !entry.isNameCut {
                throw PrintProblem(
                    entry.line, "\(entry.name) stands here with another value than on line \(first); expected it once")
            }
            lines[entry.name] = lines[entry.name] ?? entry.line
            if let value = entry.value { parameters[entry.name] = value } else { cut.insert(entry.name) }
        }
        guard entries.contains(where: { $0.name.hasPrefix(PrintedEntry.product) }) else {
            throw PrintProblem(
                entries.first?.line, "expected parameters like \(GlobalParameter.stagingMode), found none")
        }
        self.shape = shape
        self.parameters = parameters
        self.lines = lines
        self.cut = cut.sorted()
    }
}

/// One parameter of a printout.
struct PrintedEntry: Equatable {
    /// What the names of the product's own parameters begin with.
    static let product = "Microsoft."

    /// Ends in `…` where it was cut.
    var name: String
    /// nil where it is not known whole.
    var value: String?
    var line: Int

    var isNameCut: Bool { name.hasSuffix("…") }

    func checkName() throws(PrintProblem) {
        let isName =
            name.contains(where: \.isLetter) && name.utf8.count <= 256
            && name.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.value >= 0x20 }
        if !isName { throw PrintProblem(line, "expected a parameter's name, found \"\(name.prefix(60))\"") }
    }
}

/// What is wrong with a printout, and on which line; the file is added where it is known.
struct PrintProblem: Error {
    let line: Int?
    let problem: String

    init(_ line: Int?, _ problem: String) {
        self.line = line
        self.problem = problem
    }
}

extension GlobalParameter {
    /// The parameters of all known lists, from 1.1.130.0 to 2.2.1.0. Others come and go with the versions.
    static let ofEveryVersion = [
        "AADFilter": ["ApplicationList", "AttributeExclusionList"],
        "DeviceWriteBack": ["Container", "Forest"],
        "DirectoryExtension": ["SourceTargetAttributesMap"],
        "GroupWriteBack": ["Container", "Forest"],
        "OptionalFeature": [
            "AutoUpgradeState", "DeviceWriteBack", "DeviceWriteUp", "DirectoryExtension",
            "DirectoryExtensionAttributes",
            "ExportDeletionThreshold", "ExportDeletionThresholdValue", "FilterAAD", "GroupFiltering", "GroupWriteBack",
            "HybridExchange", "UserWriteBack",
        ],
        "SynchronizationOption": ["AnchorAttribute", "CustomAttribute", "JoinCriteria", "UPNAttribute"],
        "Synchronize": [
            "MaintenanceEnabled", "NextStartTime", "RunHistoryPurgeInterval", "SchedulerSuspended",
            "ServerConfigurationVersion", "StagingMode", "SynchronizationPolicy", "SynchronizationSchedule",
            "TimeInterval",
        ],
        "UserWriteBack": ["Container", "Forest"],
        "Version": ["SynchronizationRuleImmutableTag"],
    ].flatMap { area, names in names.map { "\(PrintedEntry.product)\(area).\($0)" } }
}
