/// What a synchronization has touched so far.
struct SynchronizationRun {
    var summary = SynchronizationSummary()
    /// Metaverse objects whose target objects have to be worked out again.
    var touched: Set<UInt32> = []
    /// Metaverse objects made in this run: flows that are executed once are due for them.
    var created: Set<UInt32> = []
    /// Source objects that can be referred to in a target directory now and could not before, or the other way round.
    var reachabilityChanged: Set<UInt32> = []
    /// By source object: the target objects that references to it led to before.
    var departed: [UInt32: [UInt32]] = [:]
    /// By metaverse object: references that came or went, by attribute.
    var referenceChanges: [UInt32: [AttributeID: ReferenceChange]] = [:]
    /// Attributes of references of target objects that are still to be looked up, object by object.
    var referenceTasks: [ReferenceTask] = []
    /// What target objects with reference tasks were staged as before.
    var stagedBefore: [UInt32: ObjectBlob?] = [:]
    /// Objects of target connector spaces without a link, by the values that outbound joins compare; built when first asked for.
    var unlinked: [Int: HashIndex] = [:]

    var hasTooManyErrors: Bool { summary.errors.count >= SynchronizationSummary.errorLimit }
}

/// References of one attribute that came and went.
struct ReferenceChange {
    var added: Set<UInt32> = []
    var removed: Set<UInt32> = []
    /// There was no value before.
    var wasEmpty = false
}

/// An attribute of references of a target object, to be looked up when all target objects are there.
struct ReferenceTask {
    let object: UInt32
    let target: AttributeID
    let metaverse: UInt32
    let content: Content

    enum Content {
        /// The values of a metaverse attribute.
        case attribute(AttributeID)
        /// Objects of source connector spaces that an expression gave.
        case objects([UInt32])
    }
}
