enum ReleaseToolsTestsStub {}
