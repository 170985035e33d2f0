/// Numbers that follow from a seed and a purpose alone, so that any object can be made without those before it.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    /// A stream of its own for every combination of parts.
    init(_ seed: UInt64, _ parts: Int...) {
        state = Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)
        for part in parts { state = Self.mixed(state ^ UInt64(bitPattern: Int64(part)) &* 0xD6E8_FEB8_6659_FD93) }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// The finishing steps of SplitMix64.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A number from 0 up to, not including, the bound.
    mutating func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(next() % UInt64(bound)) }

    /// True in so many of a hundred cases.
    mutating func percent(_ share: Int) -> Bool { below(100) < share }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) } }

    mutating func pick(_ texts: [String]) -> String { texts[below(texts.count)] }

    /// Sizes as groups have them: most small, a few very large (a Pareto distribution with exponent 1.2).
    mutating func heavyTailed(smallest: Int, largest: Int) -> Int {
        // 53 bits of a number in (0, 1].
        let uniform = Double((next() >> 11) + 1) / 9_007_199_254_740_992
        let size = Double(smallest) * Self.root(1 / uniform)
        return size >= Double(largest) ? largest : max(0, Int(size))
    }

    /// The power 5/6, by Newton's method on the sixth root: plain arithmetic gives the same bytes on every machine.
    private static func root(_ value: Double) -> Double {
        var guess = value > 1 ? value.squareRoot() : 1
        for _ in 0..<40 {
            let fifth = guess * guess * guess * guess * guess
            guess = (5 * guess + value / fifth) / 6
        }
        return guess * guess * guess * guess * guess
    }
}
