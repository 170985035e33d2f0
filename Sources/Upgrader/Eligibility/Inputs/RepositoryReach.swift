import Transfer

extension RepositoryAccess {
    /// Which obstacle a failed look at the repository met; nil where the repository was reached, and something else is wrong
    /// with it or with this machine.
    public init?(from error: any Error) {
        switch error {
        case let failure as StepFailure:
            guard let obstacle = failure.obstacle else { return nil }
            self = .failed(obstacle, detail: failure.message)
        case let error as TransferError:
            guard let obstacle = Self.obstacle(error.kind) else { return nil }
            self = .failed(obstacle, detail: error.description)
        default: return nil
        }
    }

    /// How a repository that was read was reached.
    ///
    /// - Parameter name: the folder or address under which it was opened.
    public static func reached(_ name: String) -> RepositoryAccess {
        .reachable(isEncrypted: (try? TransferAddress(name))?.scheme == .https)
    }

    static func obstacle(_ kind: TransferError.Kind) -> Obstacle? {
        switch kind {
        case .nameNotResolved, .proxyNameNotResolved: .nameResolution
        case .forbidden: .blocked
        case .proxyAuthenticationRequired: .proxyCredentials
        case .encryptionFailed, .certificateRefused, .clientCertificateRefused: .tls
        case .encryptionTooOld: .oldTLS
        case .cannotConnect, .notFound, .proxyRefused, .status, .timedOut, .outOfTime, .tooManyRedirects,
            .refusedRedirect, .incomplete, .wrongAnswer, .changed, .other:
            .unreachable
        case .badAddress, .badSetting, .badDocument, .notTrusted, .stale, .tooLarge, .wrongContent, .damagedChunk,
            .cancelled, .notTaken, .file:
            nil
        }
    }
}

extension ProxyFacts {
    /// Whether a proxy stands between this machine and the repository.
    ///
    /// - Parameters:
    ///   - repository: a folder or an address; nil where none is named.
    ///   - idleSeconds: after how much silence the proxy cuts a connection, where the administrator stated it.
    ///   - environment: looks a variable up, for a configuration that leaves the proxy to the environment.
    public static func measured(
        repository: String?, configuration: UpgraderConfiguration, idleSeconds: Int?,
        environment: (String) -> String? = ProxySetting.processEnvironment
    ) -> ProxyFacts {
        guard let repository, let address = try? TransferAddress(repository),
            configuration.transferSettings.proxy.isUsed(for: address, environment: environment)
        else { return .none }
        return .used(idleSeconds: idleSeconds)
    }
}
