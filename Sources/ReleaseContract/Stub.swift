enum ReleaseContract {}
