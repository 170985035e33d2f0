import Crypto

extension ContentHashes {
    /// What is wrong with a content; nil when it is the right one.
    ///
    /// At least one digest must be of an algorithm that is known here (`sha256`, `sha512`), and every known one must fit.
    func problem(of bytes: [UInt8]) -> String? {
        var known = 0
        for (algorithm, expected) in values.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            let found: String
            switch algorithm {
            case "sha256": found = Hexadecimal.text(SHA256.hash(data: bytes))
            case "sha512": found = Hexadecimal.text(SHA512.hash(data: bytes))
            default: continue
            }
            known += 1
            if !found.utf8.elementsEqual(expected.utf8) {
                return "expected the \(algorithm) digest \(expected), found \(found)"
            }
        }
        return known == 0 ? "expected a sha256 or sha512 digest, found neither" : nil
    }

    /// The digest that consistent snapshots name a target file by.
    var naming: String? { values["sha256"] ?? values["sha512"] }
}

extension MetadataFileInfo {
    func problem(of bytes: [UInt8]) -> String? {
        if let length, length != bytes.count { return "expected \(length) bytes, found \(bytes.count)" }
        return hashes?.problem(of: bytes)
    }
}

extension TargetFileInfo {
    /// What is wrong with a target file's content; nil when it is the one that was signed (specification, 5.7).
    public func problem(of bytes: [UInt8]) -> String? {
        if length != bytes.count { return "expected \(length) bytes, found \(bytes.count)" }
        return hashes.problem(of: bytes)
    }
}
