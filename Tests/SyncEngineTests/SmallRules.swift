import SyncConfiguration

/// A few rules in which everything that reports tell of occurs.
enum SmallRules {
    static func inbound(
        _ name: String, _ precedence: Int, link: SynchronizationRule.LinkType = .join, scope: [[ScopeClause]] = [],
        join: [[JoinCondition]] = [], connector: String = "corp", _ flows: [AttributeFlow]
    ) -> SynchronizationRule {
        SynchronizationRule(
            id: "\(name)@\(connector)", name: name, direction: .inbound, connector: connector,
            connectorObjectType: "user", metaverseObjectType: "person", linkType: link, precedence: precedence,
            scope: scope, join: join, flows: flows)
    }

    static func outbound(
        _ name: String, _ precedence: Int, scope: [[ScopeClause]] = [], _ flows: [AttributeFlow]
    ) -> SynchronizationRule {
        SynchronizationRule(
            id: name, name: name, direction: .outbound, connector: "cloud", connectorObjectType: "user",
            metaverseObjectType: "person", linkType: .provision, precedence: precedence, scope: scope, flows: flows)
    }

    /// People of one forest: joined on mail, provisioned where they are active.
    static let people = [
        inbound(
            "in join", 1, link: .provision, scope: [[ScopeClause("employeeType", .notEqual, "guest")]],
            join: [[JoinCondition("employeeID", "employeeID")], [JoinCondition("mail", "mail")]],
            [
                AttributeFlow("employeeID", .direct("employeeID")), AttributeFlow("mail", .direct("mail")),
                AttributeFlow("title", .expression(#"IIF(IsPresent([title]), [title], NULL)"#)),
                AttributeFlow("company", .expression("AuthoritativeNull")),
                AttributeFlow("department", .expression("IgnoreThisFlow")),
                AttributeFlow("city", .expression(#"IIF([city] = "Atlantis", Error("no such city"), [city])"#)),
            ]),
        inbound(
            "in common", 2,
            [
                AttributeFlow("displayName", .direct("displayName")), AttributeFlow("title", .constant("Staff")),
                AttributeFlow("company", .constant("Contoso")), AttributeFlow("department", .constant("All")),
                AttributeFlow("manager", .direct("manager")),
                AttributeFlow("proxyAddresses", .direct("proxyAddresses")),
                AttributeFlow("thumbnailPhoto", .direct("thumbnailPhoto")),
                AttributeFlow("nickname", .direct("givenName"), isExecuteOnce: true),
            ]),
        inbound(
            "in mailbox", 3,
            scope: [
                [ScopeClause("mailNickname", .isNotNull)],
                [ScopeClause("title", .equal, "Chief"), ScopeClause("mail", .isNotNull)],
            ],
            [AttributeFlow("alias", .direct("mailNickname"))]),
        outbound(
            "out user", 4, scope: [[ScopeClause("mail", .isNotNull)]],
            [
                AttributeFlow("dn", .expression(#""CN=" & [mail]"#)),
                AttributeFlow("displayName", .direct("displayName")), AttributeFlow("mail", .direct("mail")),
                AttributeFlow("title", .direct("title")), AttributeFlow("manager", .direct("manager")),
                AttributeFlow("proxyAddresses", .direct("proxyAddresses")),
                AttributeFlow("thumbnailPhoto", .direct("thumbnailPhoto")),
            ]),
    ]

    static func person(_ name: String, _ attributes: String) -> String {
        "dn: CN=\(name),DC=corp\nobjectClass: user\nobjectGUID: guid-\(name)\ndisplayName: \(name)\n\(attributes)\n\n"
    }
}
