/// The attributes of one space, the metaverse or a connector space, with their types.
///
/// Where a schema is given, an expression may name only what it has. Without one every name may occur, and the types are those that
/// these names have in Active Directory and in the standard rules.
public struct AttributeTypes: Equatable, Sendable {
    /// By the name in lower case; nil where there is no schema.
    let schema: [String: AttributeType]?

    /// No schema: the well-known types.
    public static let wellKnown = AttributeTypes(schema: nil)

    private init(schema: [String: AttributeType]?) { self.schema = schema }

    public init(_ schema: [String: AttributeType]) {
        self.schema = Dictionary(schema.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    }

    /// The type of a name in any case.
    public func type(_ name: String) -> AttributeType { type(folded: name.lowercased()) }

    /// Whether an expression may name it.
    func has(folded name: String) -> Bool { schema.map { $0[name] != nil } ?? true }

    /// The type of a name; what no schema knows is one text.
    func type(folded name: String) -> AttributeType { schema?[name] ?? Self.known[name] ?? AttributeType(.text) }

    private static let known: [String: AttributeType] = {
        var types: [String: AttributeType] = [:]
        func add(_ kind: AttributeKind, many: Bool, _ names: String) {
            for name in names.split(whereSeparator: \.isWhitespace) {
                types[name.lowercased()] = AttributeType(kind, isMultiValued: many)
            }
        }
        add(.binary, many: false, "objectGUID objectSid mS-DS-ConsistencyGuid msExchMasterAccountSid thumbnailPhoto")
        add(.binary, many: false, "msRTCSIP-OriginatorSid msExchMailboxGuid msExchArchiveGUID msDS-DeviceID deviceId")
        add(.binary, many: true, "userCertificate userSMIMECertificate cACertificate jpegPhoto sIDHistory")
        add(.binary, many: true, "deviceCertificates sourceAnchorBinary")
        add(.reference, many: false, "manager managedBy secretary")
        add(
            .reference, many: true, "member owner publicDelegates dLMemRejectPerms dLMemSubmitPerms authOrig unauthOrig"
        )
        add(.reference, many: true, "msExchCoManagedByLink registeredOwner msDS-RegisteredOwner msDS-RegisteredUsers")
        add(.integer, many: false, "userAccountControl groupType pwdLastSet accountExpires lastLogonTimestamp codePage")
        add(.integer, many: false, "msExchRecipientTypeDetails msExchRecipientDisplayType msExchRemoteRecipientType")
        add(.integer, many: false, "countryCode memberCount cloudMSExchRecipientDisplayType primaryGroupID adminCount")
        add(.boolean, many: false, "isCriticalSystemObject accountEnabled cloudFiltered mailEnabled securityEnabled")
        add(.boolean, many: false, "cloudMastered cloudCreated msExchHideFromAddressLists cloudSOAExchMailbox")
        add(.text, many: true, "proxyAddresses description url postOfficeBox otherTelephone otherMobile otherHomePhone")
        add(.text, many: true, "otherFacsimileTelephoneNumber otherIpPhone otherPager otherMailbox objectClass")
        add(.text, many: true, "servicePrincipalName showInAddressBook msExchExtensionCustomAttribute1")
        add(.text, many: true, "msExchExtensionCustomAttribute2 msExchExtensionCustomAttribute3")
        add(.text, many: true, "msExchExtensionCustomAttribute4 msExchExtensionCustomAttribute5 businessCategory")
        add(.text, many: true, "ou alternativeSecurityId searchableDeviceKey")
        return types
    }()
}
