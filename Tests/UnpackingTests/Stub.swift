enum UnpackingTestsStub {}
