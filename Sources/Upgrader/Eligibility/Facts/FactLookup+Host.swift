import VersionCatalog

extension ServerFacts {
    /// Facts that the orchestrator measured on the server's own machine.
    func hostFact(_ property: FactName.Property) -> Fact {
        switch property {
        case .mayOperate: mayOperate
        case .foreignWriters: foreignWriters
        case .repositoryAccess: repositoryAccess
        case .tlsVersion: tlsVersion
        case .proxyIdleSeconds: proxyIdleSeconds
        case .ipv6Only: flag(host.isIPv6Only, "only IPv6 is configured", "IPv4 is configured")
        case .fips: flag(host.isFIPS, "FIPS mode is on", "FIPS mode is off")
        default: publishedSize(property)
        }
    }

    /// The service tells its account as `uid 123`.
    private var mayOperate: Fact {
        let words = (account ?? "").split(separator: " ")
        guard let own = host.userID, words.count == 2, words[0] == "uid", let service = Int(words[1]) else {
            return notTold("the accounts of the service and of this program")
        }
        return .known(
            .flag(own == 0 || own == service),
            evidence: "the service runs as uid \(service), this program as uid \(own)")
    }

    private var foreignWriters: Fact {
        guard let paths = host.foreignWriters else { return notTold("who can write to releases, database and keys") }
        let evidence =
            paths.isEmpty
            ? "releases, database and keys belong to their account alone"
            : "others can write \(paths.joined(separator: ", "))"
        return .known(.number(paths.count), evidence: evidence)
    }

    private var repositoryAccess: Fact {
        switch host.repositoryAccess {
        case nil: notTold("whether the releases can be reached")
        case .notNamed?: .absent("no repository is named")
        case .reachable?: .known(.text("reachable"), evidence: "the repository was read")
        // One obstacle more than the catalog asks for; the version itself is a fact of its own.
        case .failed(.oldTLS, let detail)?:
            .known(.text(RepositoryAccess.Obstacle.tls.rawValue), evidence: detail)
        case .failed(let obstacle, let detail)?: .known(.text(obstacle.rawValue), evidence: detail)
        }
    }

    private var tlsVersion: Fact {
        switch host.repositoryAccess {
        case nil: notTold("the TLS version in use")
        case .notNamed?: .absent("no repository is named")
        case .reachable(let isEncrypted)?:
            isEncrypted
                ? .known(.text("1.2"), evidence: "https, with TLS 1.2 at least")
                : .absent("https is not used")
        case .failed(.oldTLS, let detail)?: .known(.text("below 1.2"), evidence: detail)
        case .failed(_, let detail)?: .absent("the repository was not reached: \(detail)")
        }
    }

    private var proxyIdleSeconds: Fact {
        switch host.proxy {
        case nil: notTold("the idle time of a proxy")
        case .some(.none): .absent("no proxy is in use")
        case .used(let seconds?)?:
            .known(.number(seconds), evidence: "the proxy ends connections after \(seconds) s without data")
        case .used(nil)?:
            .unknown(
                "a proxy is in use, and proxyIdleSeconds in the configuration does not say when it ends a connection")
        }
    }

    private func publishedSize(_ property: FactName.Property) -> Fact {
        guard let objects = metaverseObjects else { return notTold("the number of objects") }
        let size = PublishedSize.forObjects(objects)
        switch property {
        case .missingMemory: return missing(host.memoryBytes, size.memoryGigabytes, "memory", "for \(objects) objects")
        case .missingDisk: return missing(host.diskBytes, size.diskGigabytes, "disk", "for \(objects) objects")
        default:
            guard let megahertz = host.processorMegahertz else { return notTold("the processor's speed") }
            return .known(
                .flag(megahertz < PublishedSize.megahertz),
                evidence: "processor of \(megahertz) MHz, published are \(PublishedSize.megahertz)")
        }
    }

    private func missing(_ bytes: Int?, _ wanted: Int, _ what: String, _ why: String) -> Fact {
        guard let bytes else { return notTold("the size of the \(what)") }
        let gigabytes = bytes / 1_000_000_000
        return .known(
            .number(max(0, wanted - gigabytes)),
            evidence: "\(what) of \(gigabytes) GB, published are \(wanted) GB \(why)")
    }
}

/// The published sizes of a server by the number of its objects (prerequisites page).
struct PublishedSize: Equatable {
    /// In gigabytes.
    let memoryGigabytes: Int
    let diskGigabytes: Int

    static let megahertz = 1600

    static func forObjects(_ count: Int) -> PublishedSize {
        switch count {
        case ..<50_000: PublishedSize(memoryGigabytes: 6, diskGigabytes: 70)
        case ..<100_000: PublishedSize(memoryGigabytes: 16, diskGigabytes: 100)
        case ..<300_000: PublishedSize(memoryGigabytes: 32, diskGigabytes: 300)
        case ...600_000: PublishedSize(memoryGigabytes: 32, diskGigabytes: 450)
        default: PublishedSize(memoryGigabytes: 32, diskGigabytes: 500)
        }
    }
}
