import CSeccomp
import Glibc

/// The system calls that unpacking needs, as a filter of libseccomp. Every other one fails with EPERM, and one of another
/// architecture ends the process.
struct SystemCallFilter {
    /// A condition on one argument: masked, it equals the value or is at least as large.
    struct Condition {
        let argument: UInt32
        let operation: scmp_compare
        let first: UInt64
        var second: UInt64 = 0

        static func equals(_ argument: UInt32, _ value: UInt64) -> Condition {
            Condition(argument: argument, operation: SCMP_CMP_EQ, first: value)
        }

        static func atLeast(_ argument: UInt32, _ value: UInt64) -> Condition {
            Condition(argument: argument, operation: SCMP_CMP_GE, first: value)
        }

        /// None of the bits is set.
        static func without(_ argument: UInt32, bits: UInt64) -> Condition {
            Condition(argument: argument, operation: SCMP_CMP_MASKED_EQ, first: bits, second: 0)
        }
    }

    struct Rule {
        let call: String
        var conditions: [Condition] = []
    }

    /// What unpacking does, and nothing that opens a file by a name alone, makes memory executable, starts or signals
    /// anybody, or speaks to anything.
    static func unpacking(folderFrom first: UInt64) -> [Rule] {
        [
            // The archive, the new files, and the words of a failure.
            Rule(call: "read", conditions: [.equals(0, 0)]),
            Rule(call: "write", conditions: [.atLeast(0, 2)]),
            // Beneath an open folder; Landlock holds it to the one that is unpacked into.
            Rule(call: "openat2", conditions: [.atLeast(0, first)]),
            Rule(call: "mkdirat", conditions: [.atLeast(0, first), .equals(2, 0o755)]),
            // Only what was opened here, and only the two modes that a release has.
            Rule(call: "fchmod", conditions: [.atLeast(0, first), .equals(1, 0o755)]),
            Rule(call: "fchmod", conditions: [.atLeast(0, first), .equals(1, 0o644)]),
            Rule(call: "close", conditions: [.atLeast(0, first)]),
            // Memory that is never executable.
            Rule(call: "brk"), Rule(call: "munmap"), Rule(call: "mremap"), Rule(call: "madvise"),
            Rule(call: "mmap", conditions: [.without(2, bits: UInt64(PROT_EXEC)), .equals(4, 0xFFFF_FFFF)]),
            Rule(call: "mmap", conditions: [.without(2, bits: UInt64(PROT_EXEC)), .equals(4, .max)]),
            Rule(call: "mprotect", conditions: [.without(2, bits: UInt64(PROT_EXEC))]),
            // The runtime's own: locks without rivals, seeds of hashes, the end.
            Rule(call: "futex"), Rule(call: "getrandom"), Rule(call: "restart_syscall"), Rule(call: "rt_sigreturn"),
            Rule(call: "exit"), Rule(call: "exit_group"),
        ]
    }

    /// `SCMP_ACT_ERRNO(EPERM)`, which is a macro.
    private static let refusal = UInt32(0x0005_0000) | UInt32(EPERM)
    /// `SCMP_ACT_ALLOW`.
    private static let permission = UInt32(0x7FFF_0000)

    let rules: [Rule]

    /// Loads the filter for every thread of this process, for good. Returns 0 or a negated errno.
    func load() -> Int32 {
        guard let filter = seccomp_init(Self.refusal) else { return -ENOMEM }
        defer { seccomp_release(filter) }
        var code = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1)
        if code < 0 { return code }
        for rule in rules {
            code = add(rule, to: filter)
            if code < 0 { return code }
        }
        return seccomp_load(filter)
    }

    private func add(_ rule: Rule, to filter: scmp_filter_ctx) -> Int32 {
        let number = seccomp_syscall_resolve_name(rule.call)
        // A call that this machine does not have cannot be made.
        if number == __NR_SCMP_ERROR { return 0 }
        let comparisons = rule.conditions.map {
            scmp_arg_cmp(arg: $0.argument, op: $0.operation, datum_a: $0.first, datum_b: $0.second)
        }
        return seccomp_rule_add_array(filter, Self.permission, number, UInt32(comparisons.count), comparisons)
    }
}
