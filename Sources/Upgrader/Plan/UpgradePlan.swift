import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

/// What an attempt will do, fixed before it does anything. A pure function of repository, server and policy; the attempt
/// has nothing left to decide.
public struct UpgradePlan: Document, Equatable {
    public static let schemaName = "plan"
    public static let fileName = "plan.json"

    public var product: String
    public var fromVersion: ProductVersion
    public var toVersion: ProductVersion
    public var fromGeneration: Int
    public var toGeneration: Int
    public var repository: String
    /// The keys that signed the repository; empty where an unsigned one was allowed explicitly.
    public var signedBy: [String]
    public var releaseDocument: SHA256Digest
    public var chunkList: SHA256Digest
    public var archivePath: String
    public var archiveSize: Int
    public var archiveDigest: SHA256Digest
    public var unpackedBytes: Int
    public var fileCount: Int
    public var freeDiskNeeded: Int
    /// The schema epoch that the new release writes.
    public var dataEpoch: Int
    public var settingsMayChange: [String]
    /// Known risks that apply here, or may, and that somebody accepted by name.
    public var acceptedRisks: [String]
    public var leaseSeconds: Int
    public var observedCycles: Int
    public var observationSeconds: Int
    public var unknown: [String: JSONValue] = [:]

    /// Names the plan; an approval names this.
    public var digest: SHA256Digest { FileDigest.sha256(json.compact) }

    public init(fields: inout FieldReader) throws(DocumentError) {
        product = try fields.string("product")
        var from = try fields.object("from")
        fromVersion = try from.version("version")
        fromGeneration = try from.count("generation")
        var to = try fields.object("to")
        toVersion = try to.version("version")
        toGeneration = try to.count("generation")
        var source = try fields.object("source")
        repository = try source.string("repository")
        signedBy = try source.strings("signedBy")
        releaseDocument = try source.digest("releaseDocument")
        chunkList = try source.digest("chunkList")
        var archive = try source.object("archive")
        archivePath = try archive.string("path")
        archiveSize = try archive.count("size")
        archiveDigest = try archive.digest("sha256")
        var needs = try fields.object("needs")
        unpackedBytes = try needs.count("unpackedBytes")
        fileCount = try needs.count("fileCount")
        freeDiskNeeded = try needs.count("freeDiskBytes")
        dataEpoch = try fields.count("dataEpoch")
        settingsMayChange = try fields.strings("settingsMayChange")
        acceptedRisks = fields.optional("acceptedRisks") == nil ? [] : try fields.strings("acceptedRisks")
        var policy = try fields.object("policy")
        leaseSeconds = try policy.count("leaseSeconds")
        observedCycles = try policy.count("observedCycles")
        observationSeconds = try policy.count("observationSeconds")
    }

    public var members: [String: JSONValue] {
        var all: [String: JSONValue] = [
            "product": .string(product),
            "from": ["version": .string(fromVersion.description), "generation": JSONValue(fromGeneration)],
            "to": ["version": .string(toVersion.description), "generation": JSONValue(toGeneration)],
            "source": [
                "repository": .string(repository), "signedBy": .array(signedBy.map { .string($0) }),
                "releaseDocument": .string(releaseDocument.hexadecimal),
                "chunkList": .string(chunkList.hexadecimal),
                "archive": [
                    "path": .string(archivePath), "size": JSONValue(archiveSize),
                    "sha256": .string(archiveDigest.hexadecimal),
                ],
            ],
            "needs": [
                "unpackedBytes": JSONValue(unpackedBytes), "fileCount": JSONValue(fileCount),
                "freeDiskBytes": JSONValue(freeDiskNeeded),
            ],
            "dataEpoch": JSONValue(dataEpoch),
            "settingsMayChange": .array(settingsMayChange.map { .string($0) }),
            "policy": [
                "leaseSeconds": JSONValue(leaseSeconds), "observedCycles": JSONValue(observedCycles),
                "observationSeconds": JSONValue(observationSeconds),
            ],
        ]
        // A plan without any has the digest that it had before there were risks.
        if !acceptedRisks.isEmpty { all["acceptedRisks"] = .array(acceptedRisks.map { .string($0) }) }
        return all
    }

    /// The plan as a person reads it: what is there now (-) and what will be (+).
    public var difference: String {
        let signed =
            signedBy.isEmpty ? "UNSIGNED, allowed by configuration" : "signed by \(signedBy.joined(separator: ", "))"
        let settings = settingsMayChange.isEmpty ? "none" : settingsMayChange.joined(separator: ", ")
        let risks = acceptedRisks.isEmpty ? "none" : acceptedRisks.joined(separator: ", ")
        return """
            plan \(digest.short)
            - \(product) \(fromVersion), generation \(fromGeneration)
            + \(product) \(toVersion), generation \(toGeneration)
              from \(repository) (\(signed))
              archive of \(archiveSize) bytes, unpacked \(unpackedBytes) bytes in \(fileCount) files
              data schema epoch afterwards: \(dataEpoch)
              settings it may change: \(settings)
              risks accepted: \(risks)
              pause: lease of \(leaseSeconds) s; observation: \(observedCycles) cycles within \(observationSeconds) s

            """
    }
}

extension UpgradePlan {
    /// Everything that a plan is made of.
    public struct Inputs {
        public var installed: InstalledRelease
        public var freeGeneration: Int
        public var offer: Offer
        public var repository: String
        public var signedBy: [String]
        public var databaseBytes: Int
        public var acceptedRisks: [String]
        public var configuration: UpgraderConfiguration
    }

    public init(_ inputs: Inputs) {
        let (manifest, chunks) = (inputs.offer.manifest, inputs.offer.chunks)
        product = manifest.product
        fromVersion = inputs.installed.manifest.version
        toVersion = manifest.version
        fromGeneration = inputs.installed.generation
        toGeneration = inputs.freeGeneration
        repository = inputs.repository
        signedBy = inputs.signedBy.sorted()
        releaseDocument = inputs.offer.published.releaseDocument.digest
        chunkList = inputs.offer.published.chunkList.digest
        archivePath = inputs.offer.archivePath
        archiveSize = chunks.archiveSize
        archiveDigest = chunks.archiveDigest
        unpackedBytes = manifest.unpackedBytes
        fileCount = manifest.fileCount
        // Download, unpacked tree, the copy of the data and the copy that is rehearsed on.
        freeDiskNeeded =
            chunks.archiveSize + manifest.unpackedBytes + 2 * inputs.databaseBytes + manifest.freeDiskBytes
        dataEpoch = manifest.dataSchema.writes
        settingsMayChange = manifest.settingsChanged.sorted()
        acceptedRisks = inputs.acceptedRisks.sorted()
        leaseSeconds = inputs.configuration.leaseSeconds
        observedCycles = inputs.configuration.observedCycles
        observationSeconds = inputs.configuration.observationSeconds
    }
}
