import Transfer

extension UpgraderConfiguration {
    /// What the configuration says about transfers.
    public var transferSettings: TransferSettings {
        var settings = TransferSettings()
        settings.limits.connectSeconds = connectSeconds
        settings.limits.lowSpeedBytesPerSecond = lowSpeedBytesPerSecond
        settings.limits.lowSpeedSeconds = lowSpeedSeconds
        settings.limits.documentSeconds = documentSeconds
        settings.limits.archiveSeconds = transferSeconds
        settings.limits.wholeSeconds = transferTotalSeconds
        settings.limits.attempts = transferTries
        settings.bandwidthBytesPerSecond = bandwidthBytesPerSecond == 0 ? nil : bandwidthBytesPerSecond
        settings.proxy =
            switch proxy {
            case nil: .environment
            case "": .direct
            case let address?: .address(address, noProxy: noProxy)
            }
        settings.proxyCredentialsFile = proxyCredentialsFile
        settings.certificateAuthorities = certificateAuthorities
        settings.clientCertificate = clientCertificate
        settings.clientKey = clientKey
        settings.clientKeyPasswordFile = clientKeyPasswordFile
        return settings
    }
}
