import Documents
import SyncConfiguration
import VersionCatalog

extension ServerFacts {
    /// The facts that printed parameters hold. Only servers of the real product print them.
    public init(settings: PrintedSettings, file: String) {
        self.init(source: .settings(file: file))
        product = Self.realProduct
        parameters = settings.parameters
        cutParameters = Set(settings.cut)
        parametersAreWhole = settings.missing.isEmpty
        let name = GlobalParameter.serverConfigurationVersion
        version = settings.parameters[name].flatMap { ProductVersion($0) }
        if version == nil { unknownBecause[.version] = reason(name) }
        learnSignIn()
    }

    /// What the parameters say of the way in which people sign in.
    ///
    /// `Microsoft.UserSignIn.SignOnMethod` names it, in versions that have this parameter.
    /// `Microsoft.OptionalFeature.PasswordHashSync` of older ones is not taken for an answer: hashes are synchronized
    /// beside AD FS and pass-through authentication, too. Of the parameter's values only those are understood that
    /// are known from real servers; every other leaves the method unknown and is named.
    mutating func learnSignIn() {
        let method = parameters?[GlobalParameter.signOnMethod]
        switch method {
        case "PasswordHashSync": signInMethod = "passwordHash"
        case "NotConfigured": signInMethod = "none"
        default: unknownBecause[.signInMethod] = reason(GlobalParameter.signOnMethod)
        }
        switch parameters?[GlobalParameter.desktopSingleSignOn]?.lowercased() {
        case "true": desktopSingleSignOn = true
        case "false": desktopSingleSignOn = false
        default: unknownBecause[.desktopSingleSignOn] = reason(GlobalParameter.desktopSingleSignOn)
        }
    }

    /// Why a parameter gives no fact.
    private func reason(_ name: String) -> String {
        if let text = parameters?[name] { return "\(name) is \"\(text)\", which is not understood" }
        if PrintedSettings.isCut(name, in: cutParameters) { return "\(name) is cut in the printout" }
        return "\(name) is not among the parameters"
    }
}
