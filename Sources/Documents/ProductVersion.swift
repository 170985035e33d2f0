/// A four-part version number, `major.minor.build.revision`, as Azure AD Connect and `adsync` count their releases.
public struct ProductVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let major: Int
    public let minor: Int
    public let build: Int
    public let revision: Int

    public init(_ major: Int, _ minor: Int, _ build: Int, _ revision: Int) {
        self.major = major
        self.minor = minor
        self.build = build
        self.revision = revision
    }

    /// Reads exactly four decimal numbers without signs, spaces or leading zeros, so that one version has one spelling
    /// and can be a folder's name.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var numbers: [Int] = []
        for part in parts {
            guard !part.isEmpty, part.count <= 9, part.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
                part == "0" || !part.hasPrefix("0"), let number = Int(part)
            else { return nil }
            numbers.append(number)
        }
        self.init(numbers[0], numbers[1], numbers[2], numbers[3])
    }

    public var description: String { "\(major).\(minor).\(build).\(revision)" }

    public static func < (left: ProductVersion, right: ProductVersion) -> Bool {
        (left.major, left.minor, left.build, left.revision) < (right.major, right.minor, right.build, right.revision)
    }
}
