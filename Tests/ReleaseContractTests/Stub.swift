enum ReleaseContractTestsStub {}
