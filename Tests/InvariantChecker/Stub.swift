enum InvariantCheckerStub {}
