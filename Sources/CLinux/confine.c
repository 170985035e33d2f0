#include "clinux.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Rights that younger kernels know than the headers of the oldest supported system.
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#define AADC_ACCESS_TRUNCATE (1ULL << 14)
#define AADC_ACCESS_IOCTL (1ULL << 15)
#define AADC_ACCESS_NET (3ULL)
#define AADC_SCOPES (3ULL)

int clinux_close_others(int kept) {
    if (kept > 3 && syscall(SYS_close_range, 3u, (unsigned)kept - 1, 0) < 0) return -errno;
    return syscall(SYS_close_range, (unsigned)kept + 1, ~0u, 0) < 0 ? -errno : 0;
}

int clinux_limit(int resource, int64_t value) {
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) < 0) return -errno;
    // Never more than what the caller allows already.
    if (limit.rlim_max == RLIM_INFINITY || (rlim_t)value < limit.rlim_max) limit.rlim_max = (rlim_t)value;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit((__rlimit_resource_t)resource, &limit) < 0 ? -errno : 0;
}

int clinux_renounce_privileges(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -errno;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return -errno;
    if (syscall(SYS_capset, &header, none) < 0) return -errno;
    // Nobody of the same account looks into this process or leads it.
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
}

int clinux_confine_writing(int folder) {
    // The layout of the newest version that is used here; the kernel takes as much of it as it knows.
    struct {
        uint64_t files, net, scopes;
    } handled = {0, 0, 0};
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return version < 0 ? -errno : -ENOSYS;
    size_t size = 8;
    handled.files = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    if (version >= 2) handled.files |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3) handled.files |= AADC_ACCESS_TRUNCATE;
    if (version >= 4) {
        handled.net = AADC_ACCESS_NET;
        size = 16;
    }
    if (version >= 5) handled.files |= AADC_ACCESS_IOCTL;
    if (version >= 6) {
        handled.scopes = AADC_SCOPES;
        size = 24;
    }
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, size, 0);
    if (rules < 0) return -errno;
    struct landlock_path_beneath_attr beneath = {
        .allowed_access = LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_WRITE_FILE |
                          LANDLOCK_ACCESS_FS_READ_DIR,
        .parent_fd = folder,
    };
    int code = 0;
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) < 0) code = errno;
    if (!code && syscall(SYS_landlock_restrict_self, rules, 0) < 0) code = errno;
    close(rules);
    return -code;
}
