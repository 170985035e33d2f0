import Glibc
import ReleaseContract

/// Where something can be fetched: a folder or file by its path, or a `file`, `http` or `https` address.
public struct TransferAddress: Equatable, Sendable, CustomStringConvertible {
    public enum Scheme: String, Sendable {
        case file, http, https
    }

    public let scheme: Scheme
    /// As libcurl takes it, without a slash at the end.
    let url: String
    /// As a person may see it: without user name and password.
    public let description: String

    /// Reads what a person gave. A text without a scheme is a path, absolute or below the working folder.
    public init(_ text: String) throws(TransferError) {
        guard let end = text.range(of: "://") else {
            if text.isEmpty { throw TransferError(.badAddress, address: "\"\"", "the address is empty") }
            let path = text.hasPrefix("/") ? text : Self.workingFolder + "/" + text
            self.init(.file, url: "file://" + Self.escaped(Self.trimmed(path)), description: Self.trimmed(text))
            return
        }
        guard let scheme = Scheme(rawValue: text[..<end.lowerBound].lowercased()) else {
            throw TransferError(.badAddress, address: text, "the scheme \"\(text[..<end.lowerBound])\" is not known")
        }
        let rest = Self.trimmed(String(text[end.upperBound...]))
        guard !rest.isEmpty, !rest.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }),
            scheme != .file || rest.hasPrefix("/")
        else { throw TransferError(.badAddress, address: text, "the address is not a whole one") }
        self.init(scheme, url: "\(scheme.rawValue)://\(rest)", description: Self.hidingUser(scheme, rest))
    }

    private init(_ scheme: Scheme, url: String, description: String) {
        self.scheme = scheme
        self.url = url
        self.description = description
    }

    /// The address of a file below this folder; `path` keeps to ``ReleasePath``.
    public func appending(_ path: String) -> TransferAddress {
        TransferAddress(scheme, url: "\(url)/\(Self.escaped(path))", description: "\(description)/\(path)")
    }

    /// The same for a path whose characters are percent-encoded already where they must be.
    public func appending(encoded path: String) -> TransferAddress {
        TransferAddress(scheme, url: "\(url)/\(path)", description: "\(description)/\(path)")
    }

    /// The name or number of the machine, without brackets; nil for a folder.
    var host: String? {
        guard scheme != .file else { return nil }
        let rest = description.dropFirst(scheme.rawValue.utf8.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    /// What it shares with all addresses on the same server: scheme, name and port, or the folder itself.
    var origin: String {
        guard scheme != .file else { return description }
        let rest = description.dropFirst(scheme.rawValue.utf8.count + 3)
        return "\(scheme.rawValue)://\(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })"
    }

    private static var workingFolder: String {
        guard let bytes = getcwd(nil, 0) else { return "" }
        defer { free(bytes) }
        return String(cString: bytes)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        return text
    }

    private static func hidingUser(_ scheme: Scheme, _ rest: String) -> String {
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return "\(scheme.rawValue)://\(rest)" }
        return "\(scheme.rawValue)://\(rest[rest.index(after: at)...])"
    }

    /// Percent-encodes all that is not plain in a path.
    private static func escaped(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return text
    }
}

extension String {
    /// The first place of a text; the standard library alone has no such search.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        guard let found = utf8.indices.first(where: { utf8[$0...].starts(with: text.utf8) }) else { return nil }
        return found..<utf8.index(found, offsetBy: text.utf8.count)
    }
}
