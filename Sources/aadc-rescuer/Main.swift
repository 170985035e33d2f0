import Glibc

/// `aadc-rescuer --root R [--watch]`: once, as from a boot or timer unit, or until the lease is gone.
@main
enum Main {
    static func main() {
        var root = ""
        var watches = false
        var rest = CommandLine.arguments.dropFirst()
        while let word = rest.popFirst() {
            if word == "--root", let value = rest.popFirst() {
                root = value
            } else if word == "--watch" {
                watches = true
            } else {
                Host.say("usage: aadc-rescuer --root ROOT [--watch]")
                exit(64)
            }
        }
        while root.hasSuffix("/") { root.removeLast() }
        exit(watches ? watch(Rescue(root: root)) : once(Rescue(root: root)))
    }

    private static func once(_ rescue: Rescue) -> Int32 {
        do {
            switch try rescue.act() {
            case .noLease, .notEnded, .rescued: return 0
            case .unreadable:
                Host.say("the lease cannot be read; 'aadc-upgrade repair' looks at it")
                return 65
            }
        } catch {
            Host.say(error.description)
            return 1
        }
    }

    /// Stays until the lease is gone. A failed rescue is tried again, at growing distance.
    private static func watch(_ rescue: Rescue) -> Int32 {
        var wait = 250
        while true {
            do {
                switch try rescue.act() {
                case .noLease, .rescued: return 0
                case .notEnded: wait = 250
                case .unreadable: wait = min(wait * 2, 60_000)
                }
            } catch {
                Host.say(error.description)
                wait = min(wait * 2, 60_000)
            }
            Host.pause(wait)
        }
    }
}
