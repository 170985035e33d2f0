enum SyncConfigurationTestsStub {}
