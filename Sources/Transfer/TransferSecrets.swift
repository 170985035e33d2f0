import Glibc
import LinuxHost

/// What the configuration keeps in files of its own, so that it is on no command line and in no message.
struct TransferSecrets {
    var proxyUser: String?
    var proxyPassword: String?
    var keyPassword: String?

    /// Reads the files that the settings name. A secret that others can read is none, and is refused.
    init(_ settings: TransferSettings) throws(TransferError) {
        if let path = settings.proxyCredentialsFile {
            let line = try Self.line(path, "proxyCredentialsFile")
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
                throw Self.bad(path, "proxyCredentialsFile: expected one line, user:password")
            }
            proxyUser = String(line[..<colon])
            proxyPassword = String(line[line.index(after: colon)...])
        }
        if let path = settings.clientKeyPasswordFile {
            keyPassword = try Self.line(path, "clientKeyPasswordFile")
        }
        if let path = settings.clientCertificate {
            _ = try Self.open(path, "clientCertificate", refusing: 0)
            // One file may hold both. A group of accounts may share a key, as it does below /etc/ssl/private.
            let (key, name) = settings.clientKey.map { ($0, "clientKey") } ?? (path, "clientCertificate")
            _ = try Self.open(key, name, refusing: 0o007)
        }
    }

    /// The only line of a file, without its end.
    private static func line(_ path: String, _ setting: String) throws(TransferError) -> String {
        let file = try open(path, setting, refusing: 0o077)
        let bytes: [UInt8]
        do throws(HostError) {
            bytes = try file.readAll(limit: 4096, path: path)
        } catch {
            throw bad(path, "\(setting): \(error.description)")
        }
        var text = Substring(decoding: bytes, as: UTF8.self).unicodeScalars
        if text.last == "\n" { text.removeLast() }
        if text.last == "\r" { text.removeLast() }
        guard !text.isEmpty, text.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0xFFFD }) else {
            throw bad(path, "\(setting): expected one line of text")
        }
        return String(text)
    }

    /// Opens a file, and refuses it for what it is itself, wherever a link may have led.
    ///
    /// - Parameter rights: the permission bits that it must not have.
    private static func open(_ path: String, _ setting: String, refusing rights: mode_t) throws(TransferError)
        -> Descriptor
    {
        let file: Descriptor
        do throws(HostError) {
            file = try Descriptor(opening: path, flags: O_RDONLY | O_NONBLOCK)
        } catch {
            throw bad(path, "\(setting): \(error.description)")
        }
        var status = stat()
        guard fstat(file.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw bad(path, "\(setting): expected a regular file")
        }
        guard status.st_mode & rights == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw bad(
                path, "\(setting): others can read or write it (mode \(mode)); take that away with chmod 600 \(path)")
        }
        return file
    }

    private static func bad(_ path: String, _ problem: String) -> TransferError {
        TransferError(.badSetting, address: path, problem)
    }
}
