import ReleaseContract
import Testing

struct ResultCodeTests {
    @Test(
        "A code reads and writes itself and knows its exit status",
        arguments: [
            ("Success", 0), ("UpgradeAbortedSyncCycleDisabled", 75), ("UpgradeNotSupportedCustomizedSyncRules", 78),
            ("UpgradeFailedRollbackSuccess-GetPasswordHashSyncStateFailed", 10),
            ("UpgradeFailedRollbackFailed-OldServiceDidNotStart", 11),
        ] as [(String, Int32)])
    func codes(_ text: String, _ status: Int32) throws {
        let code = try #require(ResultCode(text))
        #expect(code.description == text)
        #expect(code.exitStatus == status)
    }

    @Test(
        "What is no code is refused",
        arguments: [
            "", "success", "SuccessAgain", "UpgradeAborted", "UpgradeAborted Now", "UpgradeNotSupported-X", "Upgrade",
            "UpgradeFailedRollbackSuccess", "UpgradeFailedRollbackSuccess-", "UpgradeFailedRollbackSuccess-A-B",
            "AADHealthEndpointNotDefined",
        ])
    func strangers(_ text: String) {
        #expect(ResultCode(text) == nil)
    }
}
