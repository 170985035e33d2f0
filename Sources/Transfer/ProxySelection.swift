import Glibc

extension ProxySetting {
    /// Whether libcurl asks a proxy for this address.
    ///
    /// - Parameter environment: what `http_proxy` and its kin say; asked only where the setting leaves it to them.
    public func isUsed(
        for address: TransferAddress, environment: (String) -> String? = ProxySetting.processEnvironment
    ) -> Bool {
        guard let host = address.host else { return false }
        switch self {
        case .direct: return false
        case .address(let proxy, let noProxy): return !proxy.isEmpty && !NoProxyList(noProxy).contains(host)
        case .environment:
            // HTTP_PROXY in capitals is not asked: in a CGI program a client could set it.
            let names =
                (address.scheme == .http ? ["http_proxy"] : ["https_proxy", "HTTPS_PROXY"]) + [
                    "all_proxy", "ALL_PROXY",
                ]
            let proxy = names.lazy.compactMap(environment).first { !$0.isEmpty }
            let exceptions = ["no_proxy", "NO_PROXY"].lazy.compactMap(environment).first ?? ""
            return proxy != nil && !NoProxyList(exceptions).contains(host)
        }
    }

    /// A variable of this process's environment.
    public static func processEnvironment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// The hosts that need no proxy, as in `no_proxy`: names with all below them, addresses, networks, or `*` for all.
struct NoProxyList {
    private let entries: [String]

    init(_ text: String) {
        entries = text.split { $0 == "," || $0 == " " || $0 == "\t" }.map { $0.lowercased() }
    }

    func contains(_ host: String) -> Bool {
        if entries == ["*"] { return true }
        let host = Self.withoutFinalDot(host.lowercased())
        if let address = NumericAddress(host) { return entries.contains { address.lies(in: $0) } }
        return entries.contains { entry in
            let name = Self.withoutFinalDot(entry.hasPrefix(".") ? String(entry.dropFirst()) : entry)
            return !name.isEmpty && (host == name || host.hasSuffix(".\(name)"))
        }
    }

    private static func withoutFinalDot(_ name: String) -> String {
        name.hasSuffix(".") ? String(name.dropLast()) : name
    }
}

/// An address of either version of the protocol.
private struct NumericAddress {
    private let bytes: [UInt8]

    init?(_ text: String) {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 {
                self.bytes = bytes
                return
            }
        }
        return nil
    }

    /// Whether it is this address, or lies in this network (`10.0.0.0/8`).
    func lies(in entry: String) -> Bool {
        let parts = entry.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let network = NumericAddress(Self.withoutBrackets(first)),
            network.bytes.count == bytes.count
        else { return false }
        let all = bytes.count * 8
        guard let bits = parts.count == 2 ? Int(parts[1]) : all, (0...all).contains(bits) else { return false }
        return (0..<bits).allSatisfy { bit in
            (bytes[bit / 8] ^ network.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }

    private static func withoutBrackets(_ text: Substring) -> String {
        text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : String(text)
    }
}
