import Documents
import Testing

@Suite("wall time")
struct WallTimeTests {
    @Test(
        "is written in RFC 3339 and read back",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-21T08:55:52Z", 1_795_251_352_000),
            ("2024-02-29T23:59:59.007Z", 1_709_251_199_007), ("1969-12-31T23:59:59Z", -1000),
        ] as [(String, Int64)])
    func roundTrip(text: String, milliseconds: Int64) {
        #expect(WallTime(text)?.milliseconds == milliseconds)
        #expect(WallTime(milliseconds: milliseconds).description == text)
    }

    @Test(
        "refuses what is no time",
        arguments: ["", "2026-02-30T00:00:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z"])
    func refuses(text: String) {
        #expect(WallTime(text) == nil)
    }
}
