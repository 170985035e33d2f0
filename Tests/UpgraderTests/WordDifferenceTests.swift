import TestSupport
import Testing

@testable import Upgrader

struct WordDifferenceTests {
    private func check(_ old: String, _ new: String) {
        let difference = WordDifference(old, new)
        #expect(difference.old.map(\.text).joined() == old)
        #expect(difference.new.map(\.text).joined() == new)
        let kept = { (pieces: [WordDifference.Piece]) in pieces.filter { !$0.isChanged }.map(\.text).joined() }
        #expect(kept(difference.old) == kept(difference.new))
        #expect((old == new) == (difference.old + difference.new).allSatisfy { !$0.isChanged })
    }

    @Test("Only what is different is marked")
    func marks() {
        let difference = WordDifference("Trim([displayName])", "Trim(Left([displayName], 20))")
        #expect(difference.old.filter(\.isChanged) == [])
        #expect(difference.new.filter(\.isChanged).map(\.text).joined() == "Left(, 20)")
        let word = WordDifference("mail is present", "title is present")
        #expect(word.old == [.init(text: "mail", isChanged: true), .init(text: " is present", isChanged: false)])
        #expect(word.new == [.init(text: "title", isChanged: true), .init(text: " is present", isChanged: false)])
    }

    @Test("Both texts come back whole from their pieces, and what is not marked is the same in both")
    func property() {
        var generator = SeededGenerator(seed: 4)
        let alphabet = ["a", "bb", "c1", " ", "  ", "(", ")", ",", "\"", "\n", "é", "問題", "👩‍👩‍👧", "_x", ""]
        for _ in 0..<2_000 {
            let text = { (generator: inout SeededGenerator) in
                (0..<Int.random(in: 0...12, using: &generator))
                    .map { _ in alphabet.randomElement(using: &generator) ?? "" }.joined()
            }
            check(text(&generator), text(&generator))
        }
    }

    @Test("Very long texts are not compared word by word, and still come back whole")
    func long() {
        let old = (0..<5_000).map { "a\($0)" }.joined(separator: " ")
        let new = (0..<5_000).map { "b\($0)" }.joined(separator: " ")
        check("same " + old + " end", "same " + new + " end")
        #expect(WordDifference("same " + old + " end", "same " + new + " end").old.count == 3)
    }
}
