import Crypto

/// Names of roles and targets are chosen by whoever signs, and are not to be believed as names of files.
public enum SafeFileName {
    /// One component of a path or URL that means nothing but the name: all except letters, digits, `_`, `-`, `~` and dots
    /// is percent-encoded.
    public static func encoded(_ name: String) -> String {
        // A name of dots alone would mean a folder.
        let isDots = name.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
        var text: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "~"):
                text.append(byte)
            case UInt8(ascii: ".") where !isDots: text.append(byte)
            default:
                text.append(UInt8(ascii: "%"))
                text += Hexadecimal.text([byte]).uppercased().utf8
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The same for a file on this machine, where a name has at most 255 bytes: a longer one is replaced by its digest.
    public static func local(_ name: String, suffix: String = "") -> String {
        let whole = encoded(name)
        if whole.utf8.count <= 200 { return whole + suffix }
        return "sha256-" + Hexadecimal.text(SHA256.hash(data: Array(name.utf8))) + suffix
    }
}

extension RoleName {
    /// In the repository, below the metadata's address, ready for a URL (specification, 6.2).
    func remoteFile(version: Int? = nil) -> String {
        let file = SafeFileName.encoded(text) + ".json"
        return version.map { "\($0).\(file)" } ?? file
    }

    /// In a ``MetadataStore``.
    var storedFile: String { SafeFileName.local(text, suffix: ".json") }
}
