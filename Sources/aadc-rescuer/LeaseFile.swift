import Glibc

/// The part of the pause lease that a rescue needs. The rescuer has its own reader on purpose: it must work when whatever
/// the orchestrator is made of does not.
struct LeaseFile: Equatable {
    var attempt: String
    var ownerPid: Int
    var ownerStartTime: Int
    var ownerBootId: String
    var expires: String
    var bootId: String
    var generation: Int
    var serve: [String]
    var resume: [String]
    var unit: String?
    var schedulerWasSuspended: Bool

    init?(_ bytes: [UInt8]) {
        guard let document = SmallJSON.parse(bytes), document["schema"]?.text == "lease/1",
            let attempt = document["attempt"]?.text, let owner = document["owner"],
            let pid = owner["pid"]?.number, let start = owner["startTime"]?.number,
            let ownerBoot = owner["bootId"]?.text, let expires = document["expires"]?.text, expires.utf8.count >= 20,
            let boot = document["bootId"]?.text, let good = document["knownGood"],
            let generation = good["generation"]?.number, let serve = good["serve"]?.texts, !serve.isEmpty,
            let resume = good["resume"]?.texts, !resume.isEmpty,
            let wasSuspended = document["schedulerWasSuspended"]?.flag
        else { return nil }
        self.attempt = attempt
        ownerPid = pid
        ownerStartTime = start
        ownerBootId = ownerBoot
        self.expires = expires
        bootId = boot
        self.generation = generation
        self.serve = serve
        self.resume = resume
        unit = good["unit"]?.text
        schedulerWasSuspended = wasSuspended
    }

    /// Both times are RFC 3339 in UTC: their first 19 characters are in the order of time.
    func hasEnded(now: String, boot: String) -> Bool {
        boot != bootId || now.prefix(19) >= expires.prefix(19)
    }
}
