import Documents

extension ReleaseHistory {
    /// What a channel offers on a day, as far as the history tells.
    ///
    /// Every release is in the answer; one that is not to be had says in `notOffered` or `withdrawn` why.
    /// - A release is offered from the day of its release on, by automatic upgrade from the day on which its roll-out began
    ///   until the day before the one on which it ceased. Downloads never cease: an old installer stays good.
    /// - Where only the month is known, it counts from the month's last day: before, nobody knows. Without any date it is
    ///   never offered.
    /// - Releases whose channels were never published could be downloaded, since all could be at their time. Whether
    ///   automatic upgrade had them is not known, so it does not offer them.
    /// - What some tenants got is not offered to the others.
    ///
    /// - Parameter day: a month counts as its first day, on which least is offered.
    public func offered(on day: ReleaseDate, channel: String) -> [OfferedRelease] {
        releases.map { release in
            var offered = OfferedRelease(
                product: product, version: release.version, channels: release.channels, withdrawn: release.withdrawn)
            offered.refuses = release.refuses
            if release.withdrawn == nil { offered.notOffered = release.absence(on: day, from: channel) }
            return offered
        }
    }
}

extension HistoricRelease {
    /// Why a channel does not offer it on a day, beside being withdrawn; nil where it does.
    func absence(on day: ReleaseDate, from channel: String) -> String? {
        let day = day.first
        if let released, day < released.last {
            if released.day == nil, day >= released.first {
                return "released in \(released), on a day that is not known"
            }
            return released.day == nil ? "released only in \(released)" : "released only on \(released)"
        }
        guard channels.contains(channel) else { return strangeness(to: channel) }
        guard let released else { return "never offered, since the day of its release is not known" }
        guard channel == ReleaseHistory.autoUpgradeChannel else { return nil }
        let began = autoUpgradeFrom ?? released
        if day < began.last { return "offered by automatic upgrade only from \(began) on" }
        if let autoUpgradeUntil, day >= autoUpgradeUntil.first {
            return "automatic upgrade ceased to offer it on \(autoUpgradeUntil)"
        }
        return nil
    }

    /// Why a channel never had it.
    private func strangeness(to channel: String) -> String? {
        if !channelsAreStated, channel == ReleaseHistory.autoUpgradeChannel {
            return "its channels were never published"
        }
        if channels == [ReleaseHistory.selectTenantsChannel] { return "offered to select tenants only" }
        return "not in the channel \(channel) (only in \(channels.joined(separator: ", ")))"
    }

    /// Whether it was out on a day for certain, in whatever channel.
    public func isReleased(on day: ReleaseDate) -> Bool { released.map { $0.last <= day.first } ?? false }

    /// Whether its support has ended on a day.
    public func isRetired(on day: ReleaseDate) -> Bool { retired.map { $0.first <= day.first } ?? false }
}
