/// The verbs of the control commands by which anyone can operate a release. The raw value is the verb's name in
/// `release.json`.
public enum ControlVerb: String, CaseIterable, Hashable, Sendable {
    case facts
    case status
    case health
    case settingsGet = "settings get"
    case settingsSet = "settings set"
    case suspend
    case resume
    case waitIdle = "wait-idle"
    case snapshot
    case migrate
    case selfTest = "self-test"
    case rehearse
    case exportConfiguration = "export-config"
    case serve
}
