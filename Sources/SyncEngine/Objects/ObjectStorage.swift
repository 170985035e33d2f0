/// An object of a connector space in memory.
struct ObjectSlot {
    var id: UInt32
    /// Index in the engine's connectors.
    var connector: Int
    var type: UInt16
    var dn: String
    var imported: ObjectBlob?
    var staged: ObjectBlob?
    /// 0 where it is not linked.
    var metaverse: UInt32 = 0
    var inboundRule: UInt16 = 0
    var outboundRule: UInt16 = 0
    var flags: StoredObject.Flags = []
}

/// An object of the metaverse in memory. Its values stay with the objects that contribute them.
struct MetaverseSlot {
    var id: UInt32
    var type: UInt16
    /// Which flows win; many objects share one list.
    var winners: UInt32 = 0
    /// Linked objects, one per connector at most.
    var links: [UInt32] = []
}

/// Slots found by number; the place of a removed one is used again.
struct SlotTable<Slot> {
    private(set) var slots: [Slot?] = []
    private var places: [UInt32: UInt32] = [:]
    private var free: [UInt32] = []

    var count: Int { places.count }

    subscript(_ id: UInt32) -> Slot? {
        get { places[id].flatMap { slots[Int($0)] } }
        set {
            if let place = places[id] {
                slots[Int(place)] = newValue
                if newValue == nil {
                    places[id] = nil
                    free.append(place)
                }
            } else if let newValue {
                let place = free.popLast() ?? UInt32(slots.count)
                if Int(place) == slots.count { slots.append(newValue) } else { slots[Int(place)] = newValue }
                places[id] = place
            }
        }
    }

    /// Changes a slot in place; nothing where there is none.
    mutating func update(_ id: UInt32, _ change: (inout Slot) -> Void) {
        guard let place = places[id], var slot = slots[Int(place)] else { return }
        slots[Int(place)] = nil
        change(&slot)
        slots[Int(place)] = slot
    }
}
