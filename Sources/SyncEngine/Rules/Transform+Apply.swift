import Documents
import SyncConfiguration

extension Transform {
    private static let yes = Array("True".utf8)[...]
    private static let no = Array("False".utf8)[...]
    private static let hexadecimal = Array("0123456789ABCDEF".utf8)
    private static let longestTrimmed = 448

    func apply(_ sources: [[ArraySlice<UInt8>]], today: WallTime) -> [ArraySlice<UInt8>] {
        guard let first = sources.first, sources.count >= arity ?? 1 else { return [] }
        switch self {
        case .base64: return first.prefix(1).map { Base64.encode($0)[...] }
        case .accountEnabled: return Self.integer(first).map { [$0 & 2 == 0 ? Self.yes : Self.no] } ?? []
        case .securityEnabled:
            return Self.integer(first).map { [$0 & 0x8000_0000 != 0 ? Self.yes : Self.no] } ?? []
        case .mailEnabled: return [Self.isMailEnabled(proxies: first, mail: sources[1]) ? Self.yes : Self.no]
        case .firstPresent: return sources.first { !$0.isEmpty } ?? []
        case .trimmed: return Self.trimmed(first)
        case .anchorName: return first.prefix(1).map { Self.anchorName($0)[...] }
        case .validDeviceCertificate:
            guard let guid = sources[1].first else { return [] }
            let isValid = first.contains { certificate in
                DeviceCertificate(certificate)?.identifies(guid: guid, at: today) == true
            }
            return isValid ? [Self.yes] : []
        }
    }

    private static func integer(_ values: [ArraySlice<UInt8>]) -> Int64? {
        values.first.flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
    }

    private static func isMailEnabled(proxies: [ArraySlice<UInt8>], mail: [ArraySlice<UInt8>]) -> Bool {
        if proxies.isEmpty { return !mail.isEmpty }
        return proxies.contains { address in
            address.count > 5 && zip(address, "smtp:".utf8).allSatisfy { asciiFolded($0) == $1 }
        }
    }

    private static func trimmed(_ values: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        guard let first = values.first else { return [] }
        let text = String(decoding: first, as: UTF8.self).drop { $0.isWhitespace }.prefix(longestTrimmed)
        guard let end = text.lastIndex(where: { !$0.isWhitespace }) else { return [] }
        return [Array(text[...end].utf8)[...]]
    }

    private static func anchorName(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var name = Array("CN={".utf8)
        for byte in value {
            name.append(hexadecimal[Int(byte >> 4)])
            name.append(hexadecimal[Int(byte & 15)])
        }
        return name + "}".utf8
    }
}
