import Documents
import ReleaseContract
import Testing
import VersionCatalog

struct ReleaseChoiceTests {
    static func version(_ minor: Int) -> ProductVersion { ProductVersion(1, minor, 0, 0) }

    static func release(
        _ minor: Int, _ channels: [String] = ["stable"], from: Int? = nil, withdrawn: String? = nil,
        product: String = "adsync"
    ) -> OfferedRelease {
        OfferedRelease(
            product: product, version: version(minor), channels: channels, upgradesFrom: from.map(version),
            withdrawn: withdrawn)
    }

    static func choose(
        _ offered: [OfferedRelease], installed: Int = 1, target: Int? = nil, withheld: [Int: String] = [:],
        unknownRisksBlock: Bool = true,
        risks: (_ from: Int, _ to: Int) -> [RiskFinding] = { _, _ in [] }
    ) -> ReleaseDecision {
        ReleaseChoice.candidate(
            installed: version(installed), product: "adsync", offered: offered, channel: "stable",
            target: target.map(version),
            withheld: Dictionary(uniqueKeysWithValues: withheld.map { (version($0.key), $0.value) }),
            unknownRisksBlock: unknownRisksBlock, risks: { risks($0.minor, $1.minor) })
    }

    @Test("The newest release of the channel is chosen, in whatever order they are offered")
    func newest() {
        let offered = [Self.release(2), Self.release(4), Self.release(3), Self.release(5, ["early"])]
        for order in [offered, offered.reversed()] {
            let decision = Self.choose(order)
            #expect(decision.candidate?.version == Self.version(4))
            #expect(decision.passedOver.map(\.version) == [Self.version(5)])
        }
    }

    @Test("Nothing newer means up to date, also where only other channels or withdrawn releases are newer")
    func upToDate() {
        #expect(Self.choose([]).outcome == .upToDate)
        #expect(Self.choose([Self.release(1), Self.release(0)]).outcome == .upToDate)
        #expect(Self.choose([Self.release(1), Self.release(2, ["early"])]).outcome == .upToDate)
        #expect(Self.choose([Self.release(2, withdrawn: "broken")]).outcome == .upToDate)
        #expect(Self.choose([Self.release(2, product: "another")]).outcome == .upToDate)
    }

    @Test("A channel that no release is in offers nothing, to no server, and the channels that exist are named")
    func unknownChannel() {
        for installed in [1, 9] {
            let decision = Self.choose([Self.release(2, ["early"]), Self.release(3, ["late"])], installed: installed)
            guard case .unavailable(let code, let why) = decision.outcome else {
                Issue.record("expected unavailable, found \(decision.outcome)")
                continue
            }
            #expect(code == .aborted("ChannelUnknown"))
            #expect(why.contains("\"stable\"") && why.contains("early, late"), "\(why)")
            #expect(decision.candidate == nil)
        }
        let none = Self.choose([Self.release(2, [])])
        #expect(
            none.outcome
                == .unavailable(
                    .aborted("ChannelUnknown"),
                    "there is no channel \"stable\", so nothing is offered; no release is in any channel"))
    }

    @Test("A server that cannot take the newer releases is not called up to date")
    func noPath() {
        let decision = Self.choose([Self.release(3, from: 2)])
        guard case .unavailable(let code, let why) = decision.outcome else {
            Issue.record("expected unavailable, found \(decision.outcome)")
            return
        }
        #expect(code == .notSupported("NoUpgradePath"))
        #expect(why == "1.3.0.0: upgrades only from 1.2.0.0 or newer, and no release on the way can be had")
    }

    @Test("A withheld release is passed over for an older one, and alone it is a reason to come back later")
    func withheld() {
        let both = Self.choose([Self.release(3), Self.release(2)], withheld: [3: "failed yesterday"])
        #expect(both.candidate?.version == Self.version(2))
        #expect(both.passedOver == [PassedOverRelease(version: Self.version(3), reason: "failed yesterday")])
        #expect(both.path == [Self.version(2)])
        let alone = Self.choose([Self.release(3)], withheld: [3: "failed yesterday"])
        #expect(alone.outcome == .unavailable(.aborted("ReleaseWithheld"), "1.3.0.0: failed yesterday"))
    }

    @Test("A wanted version is taken alone")
    func target() {
        let offered = [Self.release(4), Self.release(3), Self.release(2, ["early"])]
        #expect(Self.choose(offered, target: 3).candidate?.version == Self.version(3))
        #expect(Self.choose(offered, installed: 3, target: 3).outcome == .upToDate)
    }

    @Test(
        "A wanted version that cannot be had says why",
        arguments: [(0, "TargetOlderThanInstalled"), (9, "TargetNotOffered"), (2, "TargetNotOffered")])
    func refusedTarget(_ minor: Int, _ reason: String) {
        let decision = Self.choose([Self.release(4), Self.release(2, ["early"])], target: minor)
        guard case .unavailable(let code, let why) = decision.outcome else {
            Issue.record("expected unavailable, found \(decision.outcome)")
            return
        }
        #expect(code.kind == .aborted)
        #expect(code.reason == reason)
        #expect(!why.isEmpty)
    }

    @Test("Every release of the real history that automatic upgrade can still serve gets the newest automatic one")
    func wholeHistory() throws {
        let history = try BuiltInCatalog.releases()
        let newest = try #require(history.releases.first { $0.channels.contains(ReleaseHistory.autoUpgradeChannel) })
        for release in history.releases {
            let decision = ReleaseChoice.candidate(
                installed: release.version, product: history.product, offered: history.offered,
                channel: ReleaseHistory.autoUpgradeChannel)
            if release.version < newest.version {
                #expect(decision.candidate?.version == newest.version)
            } else {
                #expect(decision.outcome == .upToDate)
            }
        }
    }
}
