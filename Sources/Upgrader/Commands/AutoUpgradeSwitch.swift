import ReleaseContract

/// `enable` and `disable`: the administrator's switch. Suspended is the system's alone.
public enum AutoUpgradeSwitch {
    public static func set(_ state: String, _ installation: Installation) throws -> CommandEnd {
        let (_, commands) = try installation.activeCommands()
        let before = try commands.settings().parameters[AutoUpgradeParameters.state] ?? "unknown"
        if before == state { return CommandEnd(0, nil, "automatic upgrade is \(state) already") }
        try commands.set(AutoUpgradeParameters.state, state)
        try commands.set(AutoUpgradeParameters.reason, "")
        return CommandEnd(0, nil, "automatic upgrade was \(before) and is \(state) now")
    }
}
