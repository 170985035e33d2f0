enum TransferTestsStub {}
