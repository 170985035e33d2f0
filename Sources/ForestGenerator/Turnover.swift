/// Who comes and goes among a forest's numbered things, file of changes by file of changes. It depends on nothing else, so that
/// neighbours can follow it too.
struct Turnover {
    /// Those that are there now.
    private(set) var present: [Int]
    private var next: Int
    private let stream: SeededStream
    private let rates: ForestOptions.Rates

    /// Where a file's numbers come from.
    struct SeededStream {
        let forest: Forest
        let kind: Purpose
        func random(_ file: Int) -> SeededRandom {
            SeededRandom(
                forest.options.seed, forest.number, Purpose.turnover.rawValue, kind.rawValue, file)
        }
    }

    init(_ present: Range<Int>, firstNew: Int, _ kind: Purpose, of forest: Forest) {
        self.present = Array(present)
        next = firstNew
        stream = SeededStream(forest: forest, kind: kind)
        rates = forest.options.rates
    }

    /// The next file's. At least one where the rate is not zero.
    mutating func change(file: Int) -> (deleted: [Int], added: Range<Int>) {
        var random = stream.random(file)
        let count = present.count
        var deleted: [Int] = []
        for _ in 0..<Self.share(rates.deletes, of: count) {
            present.swapAt(random.below(present.count), present.count - 1)
            if let gone = present.popLast() { deleted.append(gone) }
        }
        let added = next..<next + Self.share(rates.adds, of: count)
        present += added
        next = added.upperBound
        return (deleted, added)
    }

    static func share(_ percent: Double, of count: Int) -> Int {
        count == 0 || percent == 0 ? 0 : min(count, max(1, Int(Double(count) * percent / 100)))
    }
}

extension Forest {
    /// New people get numbers that no object of the dump has.
    func peopleTurnover() -> Turnover {
        Turnover(users, firstNew: options.users + number * 10_000_000, .user, of: self)
    }
}
