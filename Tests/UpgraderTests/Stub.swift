enum UpgraderTestsStub {}
