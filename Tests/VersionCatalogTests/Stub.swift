enum VersionCatalogTestsStub {}
