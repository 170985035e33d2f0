enum VersionCatalog {}
