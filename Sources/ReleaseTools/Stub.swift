enum ReleaseTools {}
