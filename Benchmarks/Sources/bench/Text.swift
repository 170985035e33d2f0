import Foundation

/// Figures for people.
enum Text {
    static func seconds(_ value: Double) -> String {
        if value < 0.1 { return String(format: "%.1f ms", value * 1000) }
        if value < 1 { return String(format: "%.0f ms", value * 1000) }
        return String(format: value < 100 ? "%.2f s" : "%.0f s", value)
    }

    static func bytes(_ value: Int) -> String {
        value < 10 << 20 ? String(format: "%.1f MiB", Double(value) / 1048576) : "\(value >> 20) MiB"
    }

    /// The middle, with the smallest and the largest.
    static func spread(_ values: [Double]) -> String {
        guard let least = values.min(), let most = values.max() else { return "–" }
        if values.count == 1 { return seconds(least) }
        return "\(seconds(median(values))) (\(seconds(least)) … \(seconds(most)))"
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    static func table(_ rows: [[String]]) -> String {
        var lines = rows.map { "| " + $0.joined(separator: " | ") + " |" }
        if let columns = rows.first?.count {
            lines.insert("|" + String(repeating: "---|", count: columns), at: 1)
        }
        return lines.joined(separator: "\n")
    }
}

/// One line to standard output, at once, so that a long run can be followed.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
