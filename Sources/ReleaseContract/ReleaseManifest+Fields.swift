import Documents

extension ReleaseManifest {
    public init(fields: inout FieldReader) throws(DocumentError) {
        product = try fields.string("product")
        version = try fields.version("version")
        platform = try fields.string("platform")
        contract = try fields.integer("contract")
        if contract != Self.knownContract {
            throw fields.failure(
                "contract", "expected \(Self.knownContract), found \(contract): a newer program is needed")
        }
        upgradesFrom = try fields.version("upgradesFrom")
        dataSchema = try Self.dataSchema(&fields)
        files = try Self.files(&fields)
        freeDiskBytes = try fields.count("freeDiskBytes")
        settingsChanged = try fields.strings("settingsChanged")
        components = try Self.components(&fields)
        requiresFullImport = try fields.optionalBool("requiresFullImport") ?? false
        requiresFullSynchronization = try fields.optionalBool("requiresFullSynchronization") ?? false
        notes = try fields.optionalString("notes")
        (commands, otherCommands) = try Self.commands(&fields)
        try checkSums(&fields)
        try checkPrograms(fields)
    }

    public var members: [String: JSONValue] {
        var all: [String: JSONValue] = [
            "product": .string(product), "version": .string(version.description), "platform": .string(platform),
            "contract": JSONValue(contract), "upgradesFrom": .string(upgradesFrom.description),
            "files": .array(files.map(\.json)), "unpackedBytes": JSONValue(unpackedBytes),
            "fileCount": JSONValue(fileCount), "freeDiskBytes": JSONValue(freeDiskBytes),
            "settingsChanged": .array(settingsChanged.map { .string($0) }),
            "requiresFullImport": .bool(requiresFullImport),
            "requiresFullSynchronization": .bool(requiresFullSynchronization),
        ]
        all["dataSchema"] = [
            "reads": .array(dataSchema.reads.map { JSONValue($0) }), "writes": JSONValue(dataSchema.writes),
        ]
        all["components"] = .array(
            components.map { ["name": .string($0.name), "version": .string($0.version.description)] })
        if let notes { all["notes"] = .string(notes) }
        var calls = otherCommands
        for (verb, command) in commands {
            calls[verb.rawValue] = [
                "argv": .array(command.argv.map { .string($0) }), "timeoutSeconds": JSONValue(command.timeoutSeconds),
            ]
        }
        all["commands"] = .object(calls)
        return all
    }

    private static func dataSchema(_ fields: inout FieldReader) throws(DocumentError) -> DataSchema {
        var inner = try fields.object("dataSchema")
        var reads: [Int] = []
        for (index, element) in try inner.array("reads").enumerated() {
            guard let epoch = element.integer, epoch >= 0 else {
                throw inner.failure("reads[\(index)]", "expected a number of at least 0")
            }
            reads.append(epoch)
        }
        return DataSchema(reads: reads, writes: try inner.count("writes"))
    }

    private static func files(_ fields: inout FieldReader) throws(DocumentError) -> [ReleaseFile] {
        var files: [ReleaseFile] = []
        var paths = ReleasePathSet()
        // release.json takes its place in the tree without being listed.
        _ = paths.add(file: fileName)
        for var reader in try fields.objects("files") {
            let file = try ReleaseFile(fields: &reader)
            if file.path == fileName { throw reader.failure("path", "\(fileName) must not list itself") }
            if let problem = paths.add(file: file.path) {
                throw reader.failure("path", "the path \"\(file.path)\" \(problem)")
            }
            files.append(file)
        }
        return files
    }

    private static func components(_ fields: inout FieldReader) throws(DocumentError) -> [ReleaseComponent] {
        var components: [ReleaseComponent] = []
        for var reader in try fields.objects("components") {
            components.append(ReleaseComponent(name: try reader.string("name"), version: try reader.version("version")))
        }
        return components
    }

    private static func commands(
        _ fields: inout FieldReader
    ) throws(DocumentError) -> ([ControlVerb: ControlCommand], [String: JSONValue]) {
        var inner = try fields.object("commands")
        var commands: [ControlVerb: ControlCommand] = [:]
        for verb in ControlVerb.allCases {
            var call = try inner.object(verb.rawValue)
            let argv = try call.strings("argv")
            if argv.isEmpty { throw call.failure("argv", "expected the program's path inside the release") }
            let timeout = try call.integer("timeoutSeconds")
            if timeout < 1 { throw call.failure("timeoutSeconds", "expected at least 1, found \(timeout)") }
            commands[verb] = ControlCommand(argv: argv, timeoutSeconds: timeout)
        }
        return (commands, inner.unknown)
    }

    /// The two sums are written for readers that check limits before they read the list; they must agree with it.
    private func checkSums(_ fields: inout FieldReader) throws(DocumentError) {
        var sum = 0
        for file in files {
            let (next, overflow) = sum.addingReportingOverflow(file.size)
            if overflow { throw fields.failure("files", "the sum of the sizes does not fit into 64 bits") }
            sum = next
        }
        let bytes = try fields.count("unpackedBytes")
        if bytes != sum {
            throw fields.failure("unpackedBytes", "expected \(sum), the sum of the files, found \(bytes)")
        }
        let count = try fields.count("fileCount")
        if count != files.count {
            throw fields.failure("fileCount", "expected \(files.count), the number of files, found \(count)")
        }
    }

    private func checkPrograms(_ fields: FieldReader) throws(DocumentError) {
        let programs = Set(files.filter { $0.mode == .executable }.map(\.path))
        for verb in ControlVerb.allCases {
            guard let program = commands[verb]?.argv.first, !programs.contains(program) else { continue }
            throw fields.failure(
                "commands.\(verb.rawValue).argv[0]", "expected an executable file of the release, found \"\(program)\"")
        }
    }
}
