import LinuxHost

/// What all transfers of a downloader share.
struct TransferContext {
    let settings: TransferSettings
    let secrets: TransferSecrets
    let clock: any Clock
}

/// Holds received bytes up, so that they keep to a bandwidth. libcurl's own limit lets twice as many pass.
struct Pace {
    private let bytesPerSecond: Int
    private let clock: any Clock
    private let began: Int
    private var bytes = 0

    /// nil where there is no limit.
    init?(_ context: TransferContext) {
        guard let limit = context.settings.bandwidthBytesPerSecond else { return nil }
        bytesPerSecond = limit
        clock = context.clock
        began = clock.monotonicMilliseconds()
    }

    /// Waits until this many further bytes are due, or somebody wants to stop.
    mutating func hold(_ count: Int, until shouldStop: () -> Bool) {
        bytes += count
        var left = began + bytes * 1000 / bytesPerSecond - clock.monotonicMilliseconds()
        while left > 0, !shouldStop() {
            let piece = min(left, 500)
            clock.pause(milliseconds: piece)
            left -= piece
        }
    }
}
