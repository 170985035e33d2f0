import Documents
import ReleaseContract
import Testing
import VersionCatalog

/// Ways over several releases, and what closes them.
struct UpgradePathTests {
    private typealias Choice = ReleaseChoiceTests

    private static func finding(_ id: String, _ outcome: RiskFinding.Outcome) -> RiskFinding {
        let risk = Risk(
            id: id, product: "adsync", title: "title of \(id)", reach: .crossing(Choice.version(2)),
            manner: .note(why: "read"), consequence: "c", remedy: "r", source: "s")
        return RiskFinding(risk: risk, outcome: outcome, evidence: "evidence of \(id)")
    }

    private static func path(_ decision: ReleaseDecision) -> [Int] { decision.path.map(\.minor) }

    private static func unavailable(_ decision: ReleaseDecision) -> (code: ResultCode, words: String)? {
        if case .unavailable(let code, let words) = decision.outcome { (code, words) } else { nil }
    }

    @Test("A release that does not accept the installed version is reached over one that it does accept")
    func intermediate() {
        let decision = Choice.choose([Choice.release(4, from: 3), Choice.release(3), Choice.release(2)])
        #expect(decision.candidate?.version == Choice.version(3))
        #expect(Self.path(decision) == [3, 4])
        #expect(decision.passedOver == [])
        #expect(decision.detour == "1.4.0.0 is reached over 1.3.0.0")
        #expect(Choice.choose([Choice.release(4)]).detour == nil)
    }

    @Test("Of the ways to a release the shortest is taken, then the one whose steps are newest")
    func shortest() {
        // 9 accepts 5 to 7; 7 accepts only 4, so that the way over it is longer than the one over 6.
        let offered = [
            Choice.release(9, from: 5), Choice.release(7, from: 4), Choice.release(6), Choice.release(5),
            Choice.release(4),
        ]
        #expect(Self.path(Choice.choose(offered)) == [6, 9])
        // Two steps between: the first as new as can be, although it leads over an older second.
        var refusing = Choice.release(8, from: 2)
        refusing.refuses = [Choice.version(3)..<Choice.version(7)]
        var accepting = Choice.release(7, from: 3)
        accepting.refuses = [Choice.version(4)..<Choice.version(6)]
        let chain = [Choice.release(9, from: 7), refusing, accepting, Choice.release(3), Choice.release(2)]
        #expect(Self.path(Choice.choose(chain)) == [3, 7, 9])
    }

    @Test("Installed versions that a release refuses go over another one")
    func refused() {
        var newest = Choice.release(5)
        newest.refuses = [Choice.version(1)..<Choice.version(3)]
        #expect(Self.path(Choice.choose([newest, Choice.release(4), Choice.release(2)])) == [4, 5])
        #expect(Self.path(Choice.choose([newest], installed: 3)) == [5])
        let alone = Choice.choose([newest, Choice.release(2)])
        #expect(Self.path(alone) == [2])
        #expect(
            alone.passedOver.map(\.reason) == [
                "does not upgrade 1.1.0.0, and no release on the way can be had"
            ])
    }

    @Test("A release that is needed on the way and cannot be had is named with its own reason")
    func missingStep() {
        let offered = [Choice.release(5, from: 4), Choice.release(4), Choice.release(2)]
        let held = Choice.choose(offered, withheld: [4: "failed yesterday"])
        #expect(Self.path(held) == [2])
        #expect(
            held.passedOver.map(\.reason) == [
                "upgrades only from 1.4.0.0 or newer, and no release on the way can be had (1.4.0.0: failed yesterday)",
                "failed yesterday",
            ])
        let gone = Choice.choose([Choice.release(5, from: 4), Choice.release(4, withdrawn: "broken")])
        #expect(Self.unavailable(gone)?.code == .notSupported("NoUpgradePath"))
        #expect(gone.passedOver.first?.reason.hasSuffix("(1.4.0.0: withdrawn: broken)") == true)
        let early = Choice.choose([Choice.release(5, from: 4), Choice.release(4, ["early"]), Choice.release(2)])
        #expect(
            early.passedOver.first?.reason.hasSuffix("(1.4.0.0: not in the channel stable (only in early))") == true)
    }

    @Test("A withheld release that the whole way needs is a reason to come back, not a server that is not supported")
    func withheldStep() {
        let decision = Choice.choose([Choice.release(5, from: 4), Choice.release(4)], withheld: [4: "too soon"])
        #expect(Self.unavailable(decision)?.code == .aborted("ReleaseWithheld"))
        // Where it would not help, it is not the reason.
        let other = Choice.choose([Choice.release(5, from: 4), Choice.release(3, from: 2)], withheld: [3: "too soon"])
        #expect(Self.unavailable(other)?.code == .notSupported("NoUpgradePath"))
    }

    @Test(
        "A risk that applies, or of which nobody knows, closes an upgrade; the next older release is taken",
        arguments: [
            (RiskFinding.Outcome.applies, true, [3]), (.applies, false, [3]), (.unknown, true, [3]),
            (.unknown, false, [4]), (.accepted, true, [4]), (.clear, true, [4]), (.note, true, [4]),
        ])
    func risk(_ outcome: RiskFinding.Outcome, _ unknownBlocks: Bool, _ path: [Int]) {
        let decision = Choice.choose([Choice.release(4), Choice.release(3)], unknownRisksBlock: unknownBlocks) {
            $1 == 4 ? [Self.finding("loss", outcome)] : []
        }
        #expect(Self.path(decision) == path)
        guard path == [3] else {
            #expect(decision.risks.map(\.outcome) == [outcome])
            return
        }
        let end = outcome == .applies ? "applies" : "is unknown and counts as applying"
        #expect(decision.passedOver.map(\.reason) == ["risk \"loss: title of loss — evidence of loss\" \(end)"])
    }

    @Test("A risk of one upgrade is gone round over another release")
    func roundARisk() {
        let decision = Choice.choose([Choice.release(4), Choice.release(3), Choice.release(2)]) { from, to in
            if from == 1, to == 4 { return [Self.finding("jump", .applies)] }
            return to == 4
                ? [Self.finding("read", .note), Self.finding("both", .clear)] : [Self.finding("both", .note)]
        }
        #expect(Self.path(decision) == [3, 4])
        // Each risk once, with its worst outcome.
        #expect(decision.risks.map { "\($0.risk.id) \($0.outcome)" } == ["both note", "read note"])
    }

    @Test("Where only risks close every way, the answer names them and how to accept them")
    func onlyRisks() throws {
        let offered = [Choice.release(4, from: 3), Choice.release(3)]
        let known = Choice.choose(offered) { _, to in
            to == 3 ? [Self.finding("first", .applies)] : [Self.finding("second", .unknown)]
        }
        let (code, words) = try #require(Self.unavailable(known))
        #expect(code == .aborted("KnownRisk"))
        #expect(
            words
                == "1.4.0.0: upgrades only from 1.3.0.0 or newer, and no release on the way can be had (1.3.0.0: risk "
                + "\"first: title of first — evidence of first\" applies); 1.3.0.0: risk \"first: title of first — "
                + "evidence of first\" applies. To upgrade to 1.4.0.0 all the same: --accept-risk first --accept-risk "
                + "second, or acceptedRisks in the configuration")
        #expect(known.risks.map(\.risk.id) == ["first", "second"])
        #expect(known.candidate == nil)

        let unknown = Choice.choose(offered) { _, to in to == 3 ? [Self.finding("first", .unknown)] : [] }
        #expect(Self.unavailable(unknown)?.code == .aborted("RiskUnknown"))
        // What is withheld as well passes by itself: the risks come up then.
        let both = Choice.choose([Choice.release(2), Choice.release(3)], withheld: [2: "later"]) { _, to in
            to == 3 ? [Self.finding("first", .applies)] : []
        }
        #expect(Self.unavailable(both)?.code == .aborted("ReleaseWithheld"))
    }

    @Test("A release that is reached and closed by a risk from there says over which one")
    func riskOnTheWay() {
        let decision = Choice.choose([Choice.release(4, from: 3), Choice.release(3)]) { _, to in
            to == 4 ? [Self.finding("late", .applies)] : []
        }
        #expect(Self.path(decision) == [3])
        #expect(
            decision.passedOver.map(\.reason) == [
                "upgrades only from 1.3.0.0 or newer, and over 1.3.0.0: risk \"late: title of late — evidence of late\" "
                    + "applies"
            ])
    }

    @Test("A wanted version is reached over others, and what is newer or older than it is not passed over")
    func target() throws {
        let offered = [Choice.release(5), Choice.release(4, from: 3), Choice.release(3), Choice.release(2)]
        let decision = Choice.choose(offered, target: 4)
        #expect(Self.path(decision) == [3, 4])
        #expect(decision.passedOver == [])
        let held = Choice.choose(offered, target: 4, withheld: [3: "later"])
        #expect(Self.unavailable(held)?.code == .aborted("ReleaseWithheld"))
        #expect(held.passedOver.map(\.version) == [Choice.version(4)])
        let risky = Choice.choose(offered, target: 3) { _, to in to == 3 ? [Self.finding("loss", .applies)] : [] }
        #expect(Self.unavailable(risky)?.code == .aborted("KnownRisk"))
        let blocked = Choice.choose([Choice.release(5), Choice.release(4, from: 3), Choice.release(2)], target: 4)
        #expect(Self.unavailable(blocked)?.code == .notSupported("NoUpgradePath"))
    }

    @Test("A release that is not offered on the day says so")
    func notOffered() {
        var later = Choice.release(3)
        later.notOffered = "released only on 2026-01-01"
        let decision = Choice.choose([later, Choice.release(2)])
        #expect(decision.candidate?.version == Choice.version(2))
        #expect(decision.passedOver.map(\.reason) == ["released only on 2026-01-01"])
        #expect(Choice.choose([later, Choice.release(1)]).outcome == .upToDate)
    }
}
