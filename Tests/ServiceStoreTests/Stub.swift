enum ServiceStoreTestsStub {}
