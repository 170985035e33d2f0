import CLinux
import Documents

/// What the kernel tells of this machine.
public struct Machine: Sendable {
    private let proc: String
    private let sys: String

    /// - Parameters:
    ///   - proc: where the kernel shows processes and settings.
    ///   - sys: where it shows devices.
    public init(proc: String = "/proc", sys: String = "/sys") {
        self.proc = proc
        self.sys = sys
    }

    /// The memory that the kernel manages; nil where it does not tell.
    public var memoryBytes: Int? {
        let kilobytes = values("MemTotal", in: "\(proc)/meminfo").first.flatMap { text in
            text.hasSuffix(" kB") ? Int(text.dropLast(3)) : nil
        }
        return kilobytes.map { $0 * 1024 }
    }

    /// The speed that the fastest processor can have, or has now where only that is told; nil where neither is, as on many
    /// virtual machines.
    public var processorMegahertz: Int? {
        let policies = "\(sys)/devices/system/cpu/cpufreq"
        // Processors of one kind share their speed: sixteen policies tell of every kind that a machine has.
        let names = ((try? DurableFiles.list(policies)) ?? []).filter { $0.hasPrefix("policy") }.prefix(16)
        let kilohertz = names.compactMap { text("\(policies)/\($0)/cpuinfo_max_freq").flatMap(Int.init) }
        if let fastest = kilohertz.max() { return fastest / 1000 }
        let now = values("cpu MHz", in: "\(proc)/cpuinfo").compactMap { Double($0) }.filter { $0 > 0 && $0 < 1e6 }
        return now.max().map { Int($0) }
    }

    /// Whether the kernel allows approved cryptography alone. A kernel without that mode has it off.
    public var isFIPS: Bool { text("\(proc)/sys/crypto/fips_enabled") == "1" }

    private func text(_ path: String) -> String? {
        guard let bytes = try? DurableFiles.read(path, limit: 4 << 20) else { return nil }
        return Self.trimmed(String(decoding: bytes, as: UTF8.self)[...])
    }

    /// What stands behind the colon of every line with this name.
    private func values(_ name: String, in path: String) -> [String] {
        guard let text = text(path) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            guard line.hasPrefix(name), let colon = line.firstIndex(of: ":"),
                Self.trimmed(line[..<colon]) == name
            else { return nil }
            return Self.trimmed(line[line.index(after: colon)...])
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

/// An address of one of the machine's network interfaces.
public enum InterfaceAddress: Equatable, Sendable {
    /// Four bytes.
    case version4([UInt8])
    /// Sixteen bytes.
    case version6([UInt8])

    /// Those of the interfaces that are up.
    public static func current() throws(HostError) -> [InterfaceAddress] {
        let capacity = 512
        var found = [clinux_address](repeating: clinux_address(), count: capacity)
        let count = try check(
            found.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.map { clinux_addresses($0, Int32(capacity)) } ?? 0
            }, "list the addresses of", "network interfaces")
        return found.prefix(Int(count)).map { address in
            let bytes = withUnsafeBytes(of: address.bytes) { Array($0) }
            return address.family == 4 ? .version4(Array(bytes.prefix(4))) : .version6(bytes)
        }
    }

    /// Whether other machines can be spoken to with it: neither loopback nor link-local nor unset.
    public var reachesOthers: Bool {
        switch self {
        case .version4(let bytes):
            guard bytes.count == 4 else { return false }
            return bytes[0] != 127 && bytes[0] != 0 && !(bytes[0] == 169 && bytes[1] == 254)
        case .version6(let bytes):
            guard bytes.count == 16 else { return false }
            // ::, ::1, and ::ffff:a.b.c.d, which is the other version in disguise.
            if bytes.prefix(10).allSatisfy({ $0 == 0 }) { return false }
            return !(bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80)
        }
    }

    /// Whether a machine with these addresses reaches others over version 6 alone. One that reaches nobody does not.
    public static func areVersion6Only(_ addresses: [InterfaceAddress]) -> Bool {
        var has6 = false
        for address in addresses where address.reachesOthers {
            switch address {
            case .version4: return false
            case .version6: has6 = true
            }
        }
        return has6
    }
}
