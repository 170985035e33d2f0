import Foundation

/// The smallest folder that is an export, made of files that a test may damage.
struct SmallExport {
    static let cloud = "{B891884F-051E-4A83-95AF-2544101C9083}"
    static let forest = "{11111111-2222-3333-4444-555555555555}"
    static let settings = "GlobalSettings/MV.xml"
    static let forestFile = "Connectors/Connector_{1}.xml"
    static let cloudFile = "Connectors/Connector_{2}.xml"
    static let ruleFile = "SynchronizationRules/SynchronizationRule_{1}.xml"

    var files = [
        settings: settingsText,
        forestFile: connectorText(
            forest, "example.org", "AD",
            """
            <private-configuration><adma-configuration><forest-name>example.org</forest-name>
            <forest-login-domain>example.org</forest-login-domain><forest-login-user>MSOL_0</forest-login-user>
            </adma-configuration></private-configuration>
            <ma-partition-data><partition><name>DC=example,DC=org</name><selected>1</selected></partition>
            <partition><name>DC=other</name><selected>0</selected></partition></ma-partition-data>
            """),
        cloudFile: connectorText(cloud, "cloud", "Extensible2", ""),
        ruleFile: ruleText,
    ]

    static let settingsText = """
        <?xml version="1.0" encoding="utf-8"?>
        <saved-mv-configuration server='SYNC01' export-date='2020-01-02 03:04:05.678'>
        <!-- a remark -->
        <mv-data><schema><dsml:dsml xmlns:dsml="http://www.dsml.org/DSML"><dsml:directory-schema>
        <dsml:class id="person"><dsml:name>person</dsml:name><dsml:attribute ref="#a"/><dsml:attribute ref="#b"/></dsml:class>
        \(type("a", "15"))\(type("b", "12", "false"))\(type("c", "27"))
        </dsml:directory-schema></dsml:dsml></schema>
        <parameter-values>
        <parameter name="Microsoft.Synchronize.ServerConfigurationVersion">1.1.880.0</parameter>
        <parameter name="Microsoft.OptionalFeature.AutoUpgradeState">Enabled</parameter>
        <parameter name="Microsoft.Synchronize.TimeInterval" />
        <parameter name="Microsoft.Example.Text">a &amp; b <![CDATA[<c>]]></parameter>
        </parameter-values></mv-data></saved-mv-configuration>
        """

    static func type(_ name: String, _ syntax: String, _ isSingle: String = "true") -> String {
        "<dsml:attribute-type id='\(name)' single-value='\(isSingle)'><dsml:name>\(name)</dsml:name><dsml:syntax>"
            + "1.3.6.1.4.1.1466.115.121.1.\(syntax)</dsml:syntax></dsml:attribute-type>"
    }

    static func connectorText(_ id: String, _ name: String, _ category: String, _ rest: String) -> String {
        """
        <ma-data><id>\(id)</id><name>\(name)</name><category>\(category)</category><subtype/><version>7</version>
        <schema><attribute-type><name>inner</name><version>9</version></attribute-type></schema>\(rest)</ma-data>
        """
    }

    static let ruleText = """
        <synchronizationRule>
          <id>{AAAAAAAA-0000-0000-0000-000000000001}</id>
          <name>In from AD - Own</name>
          <description />
          <immutable-tag></immutable-tag>
          <direction>Inbound</direction>
          <disabled>True</disabled>
          <connector>{11111111-2222-3333-4444-555555555555}</connector>
          <sourceObjectType>user</sourceObjectType>
          <targetObjectType>*</targetObjectType>
          <linkType>StickyJoin</linkType>
          <precedence>50</precedence>
          <attribute-mappings><mapping><dest>a</dest><src><attr>x</attr></src>
          <valueMergeType>Update</valueMergeType></mapping><mapping execute-once="true"><dest>b</dest><src>fixed</src>
          <valueMergeType>Merge</valueMergeType></mapping></attribute-mappings>
          <relationshipCriteria><conditions><condition><csAttribute>x</csAttribute><ilmAttribute>a</ilmAttribute>
          </condition></conditions></relationshipCriteria>
          <synchronizationCriteria><conditions><scope><csAttribute>x</csAttribute><csOperator>ISNOTNULL</csOperator>
          <csValue /></scope><scope><csAttribute>y</csAttribute><csOperator>ISBITNOTSET</csOperator><csValue>2</csValue>
          </scope></conditions><conditions><scope><csAttribute>z</csAttribute><csOperator>EQUAL</csOperator>
          <csValue>1</csValue></scope></conditions></synchronizationCriteria>
        </synchronizationRule>
        """

    func write(to folder: URL) throws {
        for (path, text) in files {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }
}
