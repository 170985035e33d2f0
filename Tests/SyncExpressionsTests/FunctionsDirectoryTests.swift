import Testing

@testable import SyncExpressions

@Suite("Functions on distinguished names")
struct FunctionsDirectoryTests {
    static let joe = reference("cn=Joe,ou=Atlanta,ou=GA,ou=US, dc=contoso,dc=com")

    @Test(
        "give a component's value",
        arguments: [
            Call("DNComponent", joe, 1, gives: "Joe"), Call("DNComponent", joe, 4, gives: "US"),
            Call("DNComponent", joe, 6, gives: "com"),
            Call("DNComponentRev", joe, 3, gives: "US"), Call("DNComponentRev", joe, 1, "DC", gives: "US"),
            Call("DNComponentRev", joe, 1, "dc", gives: "US"),
            Call("DNComponentRev", joe, 1, .null, gives: "com"),
            Call("DNComponent", joe, 7, gives: .null), Call("DNComponentRev", joe, 5, "DC", gives: .null),
            Call("DNComponent", reference(""), 1, gives: .null),
            // A replication conflict: the escaped line feed stays as it is written, for rules to find it.
            Call("DNComponent", reference(#"CN=Ann\0ACNF:5f1,OU=Users,DC=a"#), 1, gives: #"Ann\0ACNF:5f1"#),
            Call("DNComponent", reference(#"CN=Doe\, Jane,OU=Users"#), 1, gives: #"Doe\, Jane"#),
            Call("DNComponent", reference(#"CN=Doe\, Jane,OU=Users"#), 2, gives: "Users"),
            Call("DNComponent", reference(#"CN=a\\,OU=b"#), 2, gives: "b"),
            Call("DNComponent", reference(#"CN=a=b,OU=c"#), 1, gives: "a=b"),
            Call("DNComponent", reference(#"CN = a\  , OU= b "#), 1, gives: #"a\ "#),
            Call("DNComponent", reference(#"CN = a\  , OU= b "#), 2, gives: "b"),
            Call("DNComponent", reference("CN=Åsa 😀,OU=x"), 1, gives: "Åsa 😀"),
            Call("DNComponent", reference("plain"), 1, gives: "plain"),
            Call("DNComponent", .null, 1, gives: .null), Call("DNComponentRev", .null, 1, gives: .null),
            Call("EscapeDNComponent", .null, gives: .null),
        ])
    func components(_ call: Call) throws { try call.check() }

    @Test(
        "escape a component",
        arguments: [
            Call("EscapeDNComponent", "cn=Doe, Jane", gives: #"cn=Doe\, Jane"#),
            Call("EscapeDNComponent", "Doe, Jane", gives: #"Doe\, Jane"#),
            Call("EscapeDNComponent", "cn=#1 + \"a\" <b>; c\\d=e", gives: ##"cn=\#1 \+ \"a\" \<b\>\; c\\d\=e"##),
            Call("EscapeDNComponent", "cn= a ", gives: #"cn=\ a\ "#),
            Call("EscapeDNComponent", "cn= ", gives: #"cn=\ "#),
            Call("EscapeDNComponent", "cn=a\nb", gives: #"cn=a\0Ab"#),
            Call("EscapeDNComponent", "1.2.3=x", gives: "1.2.3=x"),
            Call("EscapeDNComponent", "a b=c", gives: #"a b\=c"#), Call("EscapeDNComponent", "", gives: ""),
            Call("EscapeDNComponent", "cn=Åsa", gives: "cn=Åsa"),
        ])
    func escapes(_ call: Call) throws { try call.check() }

    @Test("What was escaped is one component", arguments: ["a,b", ",", "a\\", " \\ ", "x=y,z=w", "+\"<>;#"])
    func roundTrip(_ value: String) throws {
        guard case .string(let escaped) = try call("EscapeDNComponent", .string("cn=" + value)) else { return }
        #expect(DirectoryFunctions.components(escaped + ",ou=Users").map(\.type) == ["cn", "ou"])
    }

    @Test(
        "say what is wrong",
        arguments: [
            RefusedCall("DNComponent", joe, 0, says: "a place from 1 on"),
            RefusedCall("DNComponentRev", joe, -1, says: "a place from 1 on"),
            RefusedCall("DNComponentRev", joe, 1, "OU", says: "or DC"),
            RefusedCall("DNComponent", "cn=Joe", 1, says: "expected a reference"),
            RefusedCall("EscapeDNComponent", 5, says: "expected a string"),
        ])
    func wrong(_ refusal: RefusedCall) { refusal.check() }
}
