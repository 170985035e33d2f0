/// Finds object numbers by the hash of some value of theirs. The caller verifies what it is given: entries of objects that have
/// changed since may still be there, and different values may share a hash.
struct HashIndex {
    private var first: [UInt64: UInt32] = [:]
    private var more: [UInt64: [UInt32]] = [:]

    mutating func insert(_ hash: UInt64, _ id: UInt32) {
        guard let known = first[hash] else {
            first[hash] = id
            return
        }
        if known != id, more[hash]?.contains(id) != true { more[hash, default: []].append(id) }
    }

    mutating func remove(_ hash: UInt64, _ id: UInt32) {
        if first[hash] == id {
            first[hash] = more[hash]?.popLast()
            if more[hash]?.isEmpty == true { more[hash] = nil }
        } else if let place = more[hash]?.firstIndex(of: id) {
            more[hash]?.remove(at: place)
        }
    }

    /// Calls the body with every candidate.
    func forEach(_ hash: UInt64, _ body: (UInt32) -> Void) {
        guard let id = first[hash] else { return }
        body(id)
        more[hash]?.forEach(body)
    }

    /// FNV-1a with 64 bits; `fold` makes texts equal that differ in ASCII case only.
    static func hash(_ bytes: some Sequence<UInt8>, seed: UInt64 = 0, fold: Bool = false) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed &* 0x9E37_79B9_7F4A_7C15
        for byte in bytes {
            hash ^= UInt64(fold ? asciiFolded(byte) : byte)
            hash &*= 0x0000_0100_0000_01B3
        }
        return hash
    }
}

/// Gives each text a small number, the same for equal texts. 0 stands for no text.
struct StringTable {
    private var texts: [String] = [""]
    private var numbers: [String: UInt16] = ["": 0]

    mutating func number(_ text: String?) -> UInt16 {
        guard let text else { return 0 }
        if let known = numbers[text] { return known }
        precondition(texts.count < Int(UInt16.max), "more than 65,534 different texts of one kind")
        let new = UInt16(texts.count)
        texts.append(text)
        numbers[text] = new
        return new
    }

    func hasRoom(for text: String) -> Bool { numbers[text] != nil || texts.count < Int(UInt16.max) }
    func known(_ text: String) -> UInt16? { numbers[text] }
    func text(_ number: UInt16) -> String? { number == 0 ? nil : texts[Int(number)] }
}
