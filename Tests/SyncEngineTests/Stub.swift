enum SyncEngineTestsStub {}
