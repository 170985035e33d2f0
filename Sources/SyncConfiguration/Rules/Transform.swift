/// The functions that the rules of `adsync` need beside direct and constant flows. Each takes the values of the attributes that
/// the flow names, and gives values; none means that the flow contributes nothing.
public enum Transform: String, Sendable, CaseIterable {
    /// Base64 of the first value: how a source anchor is made of an objectGUID.
    case base64
    /// "True" or "False": whether bit 2 (disabled) of userAccountControl is clear.
    case accountEnabled
    /// "True" or "False": whether the highest bit of groupType is set.
    case securityEnabled
    /// "True" or "False", of proxyAddresses and mail: whether there is an SMTP address, or without any proxy address a mail.
    case mailEnabled
    /// The values of the first attribute that has any.
    case firstPresent
    /// The first value without spaces around it, cut to 448 characters.
    case trimmed
    /// `CN={…}` with the hexadecimal digits of the first value: the name of an object in the cloud's connector space.
    case anchorName
    /// "True", of userCertificate and objectGUID: where one certificate names the computer as its subject and is valid today; else
    /// nothing.
    case validDeviceCertificate

    /// How many attributes the function reads; nil for any number.
    public var arity: Int? {
        switch self {
        case .base64, .accountEnabled, .securityEnabled, .trimmed, .anchorName: 1
        case .mailEnabled, .validDeviceCertificate: 2
        case .firstPresent: nil
        }
    }
}
