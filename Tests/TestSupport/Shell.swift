import LinuxHost

/// A few lines of shell, run as a control command is run.
public func shell(_ script: String, _ arguments: [String] = []) -> Invocation {
    Invocation(program: "/bin/sh", arguments: ["-c", script, "sh"] + arguments)
}
