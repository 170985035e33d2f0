import Documents

/// The pause of synchronization during an upgrade, as a promise with an end.
///
/// Whoever finds it ended may put the known-good generation back; the rescuer does. It is written before the scheduler is
/// suspended and removed after the scheduler works again.
public struct PauseLease: Document, Equatable {
    public static let schemaName = "lease"

    /// What brings synchronization back without the orchestrator.
    public struct KnownGood: Equatable, Sendable {
        public var generation: Int
        /// Starts the service.
        public var serve: [String]
        /// Lifts the pause.
        public var resume: [String]
        /// The systemd unit, where the service is one.
        public var unit: String?

        public init(generation: Int, serve: [String], resume: [String], unit: String?) {
            self.generation = generation
            self.serve = serve
            self.resume = resume
            self.unit = unit
        }
    }

    public var attempt: String
    /// Rises with each process that takes the attempt over; a verb with another token is not wanted any more.
    public var token: Int
    public var owner: ProcessIdentity
    public var expires: WallTime
    public var bootId: String
    public var knownGood: KnownGood
    /// What the rescuer must restore: a scheduler that was suspended before is left so.
    public var schedulerWasSuspended: Bool
    public var unknown: [String: JSONValue] = [:]

    public init(
        attempt: String, token: Int, owner: ProcessIdentity, expires: WallTime, bootId: String, knownGood: KnownGood,
        schedulerWasSuspended: Bool
    ) {
        self.attempt = attempt
        self.token = token
        self.owner = owner
        self.expires = expires
        self.bootId = bootId
        self.knownGood = knownGood
        self.schedulerWasSuspended = schedulerWasSuspended
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        attempt = try fields.string("attempt")
        token = try fields.count("token")
        var owner = try fields.object("owner")
        self.owner = try ProcessIdentity(fields: &owner)
        expires = try fields.time("expires")
        bootId = try fields.string("bootId")
        var good = try fields.object("knownGood")
        knownGood = KnownGood(
            generation: try good.count("generation"), serve: try good.strings("serve"),
            resume: try good.strings("resume"), unit: try good.optionalString("unit"))
        schedulerWasSuspended = try fields.bool("schedulerWasSuspended")
    }

    public var members: [String: JSONValue] {
        [
            "attempt": .string(attempt), "token": JSONValue(token), "owner": .object(owner.members),
            "expires": .string(expires.description), "bootId": .string(bootId),
            "knownGood": .object([
                "generation": JSONValue(knownGood.generation), "serve": .array(knownGood.serve.map { .string($0) }),
                "resume": .array(knownGood.resume.map { .string($0) }),
                "unit": knownGood.unit.map { .string($0) } ?? .null,
            ]),
            "schedulerWasSuspended": .bool(schedulerWasSuspended),
        ]
    }

    /// A lease of another boot has ended whatever its time says: nobody who held it still runs.
    public func hasEnded(now: WallTime, bootId: String) -> Bool { bootId != self.bootId || now >= expires }
}
