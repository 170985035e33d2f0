import Testing

@testable import SyncExpressions

@Suite("The language's functions")
struct FunctionsNamesTests {
    /// The functions reference of the product, and four that shipped rules use and it leaves out.
    static let documented = [
        "BitAnd", "BitOr", "CBool", "CDate", "CertExtensionOids", "CertFormat", "CertFriendlyName", "CertHashString",
        "CertIssuer", "CertIssuerDN", "CertIssuerOid", "CertKeyAlgorithm", "CertKeyAlgorithmParams", "CertNameInfo",
        "CertNotAfter", "CertNotBefore", "CertPublicKeyOid", "CertPublicKeyParametersOid", "CertSerialNumber",
        "CertSignatureAlgorithmOid", "CertSubject", "CertSubjectNameDN", "CertSubjectNameOid", "CertThumbprint",
        "CertVersion", "CGuid", "Contains", "ConvertFromBase64", "ConvertFromUTF8Hex", "ConvertToBase64",
        "ConvertToUTF8Hex", "Count", "CNum", "CRef", "CStr", "DateAdd", "DateFromNum", "DNComponent", "DNComponentRev",
        "Error", "EscapeDNComponent", "FormatDateTime", "GUID", "IIF", "InStr", "InStrRev", "IsBitSet", "IsCert",
        "IsDate", "IsEmpty", "IsGuid", "IsNull", "IsNullOrEmpty", "IsNumeric", "IsPresent", "IsString", "Item",
        "ItemOrNull", "Join", "LCase", "Left", "Len", "LTrim", "Mid", "Now", "NumFromDate", "PadLeft", "PadRight",
        "PCase", "RandomNum", "RemoveDuplicates", "Replace", "ReplaceChars", "Right", "RTrim", "Select", "Split",
        "StringFromGuid", "StringFromSid", "Switch", "Trim", "UCase", "Where", "With", "Word",
    ]
    static let undocumented = ["CBin", "ImportedValue", "Thumbprint", "ValueCount"]
    /// The reference writes these two in its syntax lines so, and otherwise in its list.
    static let otherSpellings = ["Guid", "InstrRev"]

    @Test("are all there, in the library or as special forms, and there are no others")
    func complete() {
        #expect(Self.documented.count == 85)
        #expect(Set(Self.documented).count == 85)
        let forms = SpecialForm.allCases.map(\.rawValue)
        let all = Set(FunctionLibrary.functions.keys).union(forms)
        #expect(all == Set(Self.documented + Self.undocumented + Self.otherSpellings))
    }

    @Test("are each defined once, under the name that they report in errors")
    func names() {
        for (name, function) in FunctionLibrary.functions { #expect(function.name == name) }
    }

    @Test("take what is optional after what is not, and may be worked out once only where nothing is random")
    func signatures() {
        for function in FunctionLibrary.functions.values {
            let optional = function.parameters.map(\.isOptional)
            #expect(optional == optional.sorted { !$0 && $1 }, "\(function.name)")
            let depends = ["GUID", "Guid", "Now", "RandomNum"].contains(function.name)
            #expect(function.isPure == !depends, "\(function.name)")
        }
    }
}
