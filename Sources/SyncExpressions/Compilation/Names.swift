/// Helps with misspelled names.
enum Names {
    /// The candidate that differs in case only, else the nearest one at a distance of two letters at most.
    static func suggestion(for name: String, among candidates: some Sequence<String>) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let folded = Array(name.lowercased().utf8)
        var best: (name: String, distance: Int)?
        for candidate in candidates.sorted() {
            let other = Array(candidate.lowercased().utf8)
            guard abs(other.count - folded.count) <= 2 else { continue }
            let distance = distance(folded, other)
            if distance < min(best?.distance ?? 3, max(2, (folded.count + 1) / 2)) { best = (candidate, distance) }
        }
        return best?.name
    }

    /// How many letters must be put in, taken out or replaced.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, letter2) in other.enumerated() {
                let replaced = diagonal + (letter == letter2 ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(replaced, row[place] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
