import Documents

/// For how many days new metadata is believed.
///
/// The timestamp is renewed by a timer, and its lifetime is for how long somebody who holds answers back can keep clients
/// at an old state; a week survives a broken timer over a weekend and is noticed. Snapshot is signed beside it, by a key
/// that may lie on the same machine. Targets wait for a person with the key, who comes with every release and else twice a
/// year; root for the people who hold the offline keys, once a year.
public struct RoleLifetimes: Equatable, Sendable {
    public var root = 365
    public var targets = 180
    public var snapshot = 30
    public var timestamp = 7

    public init() {}

    func days(_ role: RoleName) -> Int {
        switch role {
        case .root: root
        case .snapshot: snapshot
        case .timestamp: timestamp
        default: targets
        }
    }
}

/// When new metadata is made, and until when it is believed.
public struct PublicationTime: Equatable, Sendable {
    public let now: WallTime
    public var lifetimes: RoleLifetimes
    /// Where given, targets, snapshot and timestamp all end then, whatever their lifetimes say.
    public var end: WallTime?

    public init(now: WallTime, lifetimes: RoleLifetimes = RoleLifetimes(), end: WallTime? = nil) {
        self.now = now
        self.lifetimes = lifetimes
        self.end = end
    }

    /// In whole seconds: the specification knows no fractions.
    func expiry(_ role: RoleName) -> WallTime {
        if role != .root, let end { return WallTime(seconds: Int(end.milliseconds / 1000)) }
        return WallTime(seconds: Int(now.milliseconds / 1000)) + lifetimes.days(role) * 86_400
    }

    /// Whether less than a third of the lifetime is left.
    func isDue(_ role: RoleName, expires: WallTime) -> Bool { expires - now < lifetimes.days(role) * 86_400 / 3 }
}
