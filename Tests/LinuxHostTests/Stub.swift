enum LinuxHostTestsStub {}
