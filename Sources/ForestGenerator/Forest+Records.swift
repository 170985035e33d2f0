import SyncEngine

extension Forest {
    /// The dump in memory, for small forests.
    public func dump() -> [LDIFRecord] {
        var records: [LDIFRecord] = []
        forEachObject { records.append(LDIFRecord(dn: $0.dn, content: .entry($0.attributes))) }
        return records
    }

    /// The files of changes in memory. `all` are the forests of the options.
    public func changeFiles(among all: [Forest]) -> [[LDIFRecord]] {
        var files = [[LDIFRecord]](repeating: [], count: options.changes)
        forEachChange(others: all) { file, record in files[file - 1].append(record) }
        return files
    }
}

/// Certificates for tests that make their own computers.
public enum GeneratedCertificate {
    /// Times are `YYMMDDhhmmssZ`. Equal arguments give equal bytes.
    public static func der(subject: String, notBefore: String, notAfter: String, seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed, 0)
        return Certificate.der(subject: subject, notBefore: notBefore, notAfter: notAfter, random: &random)
    }
}
