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

/// An object of the metaverse in memory. A reference among its values names an object of the connector space that it came from.
struct MetaverseSlot {
    var id: UInt32
    var type: UInt16
    var values: ObjectBlob = .empty
    /// Linked objects, one per connector at most.
    var links: [UInt32] = []
}

/// Slots found by number; the place of a removed one is used again. Numbers are given out in ascending order, so that an array
/// leads from number to place.
struct SlotTable<Slot> {
    private(set) var slots: [Slot?] = []
    /// By number: the place, counted from 1; 0 for a number that has none.
    private var places: [UInt32] = []
    private var free: [UInt32] = []

    var count: Int { slots.count - free.count }

    private func place(_ id: UInt32) -> Int? {
        let index = Int(id)
        guard index < places.count, places[index] != 0 else { return nil }
        return Int(places[index]) - 1
    }

    subscript(_ id: UInt32) -> Slot? {
        get { place(id).flatMap { slots[$0] } }
        set {
            if let place = place(id) {
                slots[place] = newValue
                if newValue == nil {
                    places[Int(id)] = 0
                    free.append(UInt32(place))
                }
            } else if let newValue {
                let place = free.popLast() ?? UInt32(slots.count)
                if Int(place) == slots.count { slots.append(newValue) } else { slots[Int(place)] = newValue }
                if Int(id) >= places.count {
                    places.append(contentsOf: repeatElement(0, count: Int(id) + 1 - places.count))
                }
                places[Int(id)] = place + 1
            }
        }
    }

    /// Reads a part of a slot without copying the whole.
    func read<Part>(_ id: UInt32, _ part: (borrowing Slot) -> Part) -> Part? {
        guard let place = place(id) else { return nil }
        switch slots[place] {
        case .some(let slot): return part(slot)
        case .none: return nil
        }
    }

    /// Changes a slot in place; nothing where there is none.
    mutating func update(_ id: UInt32, _ change: (inout Slot) -> Void) {
        guard let place = place(id), var slot = slots[place].take() else { return }
        change(&slot)
        slots[place] = slot
    }
}
