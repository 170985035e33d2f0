import SyncEngine

extension Forest {
    func containers() -> [GeneratedObject] {
        func guid(_ index: Int) -> LDIFAttribute {
            var random = random(.container, index)
            return LDIFAttribute("objectGUID", [random.bytes(16)])
        }
        let head = GeneratedObject(
            root, "top", "domain", "domainDNS", attributes: [LDIFAttribute("dc", name), guid(0)])
        let names = ["ForeignSecurityPrincipals"] + (options.isVaried ? ["Users", "Builtin", "RegisteredDevices"] : [])
        let folders = names.enumerated().map { place, name in
            GeneratedObject(
                "CN=\(name),\(root)", "top", "container",
                attributes: [LDIFAttribute("cn", name), guid(place == 0 ? 1 : -place)])
        }
        var units =
            ["People", "Mailboxes", "Groups", "Contacts", "Computers"].map { ("OU=\($0),\(root)", $0) }
            + Words.departments.map { ("OU=\($0),OU=People,\(root)", $0) }
        if options.isVaried {
            let sites = Self.sites(options)
            for department in Words.departments {
                for site in sites.names {
                    let place = "OU=\(site),OU=\(department),OU=People,\(root)"
                    units.append((place, site))
                    units += (0..<sites.desks).map { ("OU=Desk \($0),\(place)", "Desk \($0)") }
                }
            }
        }
        return [head] + folders
            + units.enumerated().map { index, unit in
                GeneratedObject(
                    unit.0, "top", "organizationalUnit", attributes: [LDIFAttribute("ou", unit.1), guid(index + 2)])
            }
    }

    func foreignPrincipal(_ index: Int, home: Int) -> GeneratedObject {
        var random = random(.foreign, index)
        return GeneratedObject(
            representativeDN(index, .principal, home: home), "top", "foreignSecurityPrincipal",
            attributes: [
                LDIFAttribute("cn", foreignSIDText(index, home: home)), LDIFAttribute("objectGUID", [random.bytes(16)]),
                LDIFAttribute("objectSid", [foreignSID(index, home: home)]),
            ])
    }

    func contact(_ index: Int) -> GeneratedObject {
        var random = random(.contact, index)
        // The name was drawn from the same stream.
        _ = (random.next(), random.next())
        return contact(contactDN(index), contactName(index), mail: Person.partnerMail(index), &random)
    }

    /// A user of another forest, as its neighbours see them in the address list.
    func mirroredContact(_ index: Int, home: Int) -> GeneratedObject {
        var random = random(.mirroredContact, index)
        let person = Person(options.seed, index)
        return contact(
            representativeDN(index, .contact, home: home), person.commonName, mail: person.mail, &random)
    }

    private func contact(_ dn: String, _ name: String, mail: String, _ random: inout SeededRandom) -> GeneratedObject {
        GeneratedObject(
            dn, "top", "person", "organizationalPerson", "contact",
            attributes: [
                LDIFAttribute("cn", name), LDIFAttribute("displayName", name), LDIFAttribute("mail", mail),
                LDIFAttribute("objectGUID", [random.bytes(16)]), LDIFAttribute("proxyAddresses", "SMTP:\(mail)"),
                LDIFAttribute("targetAddress", "SMTP:\(mail)"),
                LDIFAttribute("mailNickname", String(mail.prefix { $0 != "@" })),
            ])
    }

    func representative(_ index: Int, _ representation: Representation, home: Int) -> GeneratedObject {
        switch representation {
        case .linkedMailbox: linkedMailbox(index, home: home)
        case .contact: mirroredContact(index, home: home)
        case .principal: foreignPrincipal(index, home: home)
        }
    }

    /// Seven of ten have a certificate; of those some are out of date or belong to another computer.
    func computer(_ index: Int) -> GeneratedObject {
        var random = random(.computer, index)
        let guid = random.bytes(16)
        var attributes = [
            LDIFAttribute("cn", "PC\(index)"), LDIFAttribute("sAMAccountName", "PC\(index)$"),
            LDIFAttribute("displayName", "PC\(index)$"), LDIFAttribute("objectGUID", [guid]),
            LDIFAttribute("objectSid", [sid(.computer, index)]), LDIFAttribute("userAccountControl", "4096"),
            LDIFAttribute("operatingSystem", random.pick(Words.systems)),
            LDIFAttribute("operatingSystemVersion", "10.0 (\(17763 + random.below(5000)))"),
            LDIFAttribute("dNSHostName", "pc\(index).\(domain)"),
        ]
        if random.percent(70) {
            let isForeign = random.percent(5)
            let isExpired = random.percent(10)
            let subject = Identifier.text(isForeign ? random.bytes(16) : guid)
            let isBraced = options.isVaried && random.percent(30)
            var certificates = [
                Certificate.der(
                    subject: isBraced ? "{\(subject)}" : subject, notBefore: "150101000000Z",
                    notAfter: isExpired ? "180101000000Z" : "491231235959Z", random: &random)
            ]
            if options.isVaried {
                if random.percent(10) {
                    // One of the computer's own authority, beside the registration's.
                    certificates.append(
                        Certificate.der(
                            subject: "pc\(index).\(domain)", notBefore: "200101000000Z", notAfter: "400101000000Z",
                            random: &random))
                }
                if random.percent(1) { certificates = [Array("not a certificate".utf8)] }
            }
            attributes.append(LDIFAttribute("userCertificate", certificates))
        }
        return GeneratedObject(
            computerDN(index), "top", "person", "organizationalPerson", "user", "computer",
            attributes: attributes)
    }

    /// A registered device, as devices that the cloud knows are written into a directory.
    func device(_ index: Int) -> GeneratedObject {
        var random = random(.device, index)
        let (guid, identifier) = (random.bytes(16), random.bytes(16))
        let name = Identifier.text(identifier)
        return GeneratedObject(
            "CN=\(name),CN=RegisteredDevices,\(root)", "top", "msDS-Device",
            attributes: [
                LDIFAttribute("cn", name), LDIFAttribute("displayName", "Phone \(index)"),
                LDIFAttribute("objectGUID", [guid]), LDIFAttribute("msDS-DeviceID", [identifier]),
                LDIFAttribute("msDS-IsEnabled", "TRUE"), LDIFAttribute("msDS-DeviceOSType", "Phone"),
                LDIFAttribute("msDS-DeviceOSVersion", "17.\(random.below(5))"),
            ])
    }
}
