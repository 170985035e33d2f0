#include "sandboxprobe.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *denied;
static int at_entry;
static char place[4096], bait[4200], made[4200];

static void report(const char *name, long result) {
    int code = result < 0 ? errno : 0;
    char line[128];
    int length = snprintf(line, sizeof line, "probe %s %d\n", name, code);
    if (write(2, line, (size_t)length) < 0) _exit(99);
}

/// A descriptor that was got is given back, so that the next attempt finds what this one found.
static void report_opened(const char *name, long descriptor) {
    report(name, descriptor);
    if (descriptor >= 0) syscall(SYS_close, descriptor);
}

static long open_how(int folder, const char *path, uint64_t flags, uint64_t mode) {
    struct open_how how = {.flags = flags, .mode = mode, .resolve = 0};
    return syscall(SYS_openat2, folder, path, &how, sizeof how);
}

/// Ends a child that an attempt made, and passes the attempt's result on.
static long await(long pid) {
    int status = 0;
    if (pid < 0) return pid;
    if (pid == 0) _exit(0);
    syscall(SYS_wait4, pid, &status, 0, NULL);
    errno = EIO;
    return status == 0 ? 0 : -1;
}

/// What would end or stop this process is tried in a child, where one can be had.
static long in_child(long (*attempt)(void)) {
    long pid = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    if (pid < 0) return attempt();
    if (pid == 0) _exit(attempt() < 0 ? 1 : 0);
    return await(pid);
}

static long execute(void) {
    char *words[] = {"/bin/true", NULL}, *none[] = {NULL};
    return syscall(SYS_execve, words[0], words, none);
}

static long execute_descriptor(void) {
    char *words[] = {"/bin/true", NULL}, *none[] = {NULL};
    return syscall(SYS_execveat, AT_FDCWD, words[0], words, none, 0);
}

static long be_traced(void) { return syscall(SYS_ptrace, PTRACE_TRACEME, 0, NULL, NULL); }
static long leave_namespace(void) { return syscall(SYS_unshare, CLONE_FILES); }
static long change_folder(void) { return syscall(SYS_chdir, "/"); }

static void speak(void) {
    static const struct {
        const char *name;
        int family, type;
    } sockets[] = {{"socket-inet", AF_INET, SOCK_STREAM},
                   {"socket-inet-udp", AF_INET, SOCK_DGRAM},
                   {"socket-inet6", AF_INET6, SOCK_STREAM},
                   {"socket-unix", AF_UNIX, SOCK_STREAM},
                   {"socket-netlink", AF_NETLINK, SOCK_RAW}};
    for (size_t index = 0; index < sizeof sockets / sizeof *sockets; index++)
        report_opened(sockets[index].name, syscall(SYS_socket, sockets[index].family, sockets[index].type, 0));
    int pair[2] = {-1, -1};
    long result = syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair);
    report("socketpair", result);
    if (result >= 0) {
        close(pair[0]);
        close(pair[1]);
    }
}

static void touch_files(int folder) {
    struct stat status;
#ifdef SYS_open
    report_opened("open-read", syscall(SYS_open, bait, O_RDONLY, 0));
#endif
    report_opened("openat-read", syscall(SYS_openat, AT_FDCWD, bait, O_RDONLY, 0));
    report_opened("openat2-read", open_how(folder, bait, O_RDONLY, 0));
    // A path alone may be had; nothing may be done through it.
    long through = open_how(folder, place, O_PATH | O_DIRECTORY, 0);
    report_opened("openat2-through-path", open_how((int)through, "bait", O_RDONLY, 0));
    report("mkdirat-through-path", syscall(SYS_mkdirat, through, "made-too", 0755));
    if (through >= 0) close((int)through);
    report_opened("openat2-write", open_how(folder, bait, O_WRONLY, 0));
    report_opened("openat2-truncate", open_how(folder, bait, O_WRONLY | O_TRUNC, 0));
    report_opened("openat2-list", open_how(folder, place, O_RDONLY | O_DIRECTORY, 0));
    report_opened("openat2-password", open_how(folder, "/etc/passwd", O_RDONLY, 0));
    report_opened("openat2-above", open_how(folder, "../beside", O_WRONLY | O_CREAT | O_EXCL, 0644));
    report_opened("openat2-unnamed", open_how(folder, place, O_WRONLY | O_TMPFILE, 0644));
    report("mkdirat-above", syscall(SYS_mkdirat, folder, "../beside-folder", 0755));
    report("mkdirat-outside", syscall(SYS_mkdirat, folder, made, 0755));
    report("symlinkat", syscall(SYS_symlinkat, "/etc", folder, "../link"));
    report("linkat", syscall(SYS_linkat, folder, bait, folder, "../hard-link", 0));
    report("mknodat", syscall(SYS_mknodat, folder, "../pipe", S_IFIFO | 0644, 0));
    report("renameat2", syscall(SYS_renameat2, folder, "../pipe", folder, "../pipe-2", 0));
    report("unlinkat", syscall(SYS_unlinkat, folder, "../pipe-2", 0));
    report("fchmodat", syscall(SYS_fchmodat, folder, bait, 0600));
    report("fchownat", syscall(SYS_fchownat, folder, bait, getuid(), getgid(), 0));
    report("utimensat", syscall(SYS_utimensat, folder, bait, NULL, 0));
    report("setxattr", syscall(SYS_setxattr, bait, "user.probe", "1", 1, 0));
    report("truncate", syscall(SYS_truncate, bait, 4));
    report("stat", syscall(SYS_newfstatat, folder, bait, &status, 0));
    report("chdir", in_child(change_folder));
}

static void start_others(void) {
    struct {
        uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    } wanted = {.exit_signal = SIGCHLD};
#ifdef SYS_fork
    report("fork", await(syscall(SYS_fork)));
#endif
    report("clone", await(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL)));
    report("clone3", await(syscall(SYS_clone3, &wanted, sizeof wanted)));
    report("execve", in_child(execute));
    report("execveat", in_child(execute_descriptor));
    report("kill-parent", syscall(SYS_kill, syscall(SYS_getppid) > 0 ? syscall(SYS_getppid) : 1, 0));
    report("kill-all", syscall(SYS_kill, -1, 0));
    report_opened("pidfd", syscall(SYS_pidfd_open, 1, 0));
    report("ptrace", in_child(be_traced));
    report("unshare", in_child(leave_namespace));
}

static void change_itself(void) {
    struct rlimit limit;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page != MAP_FAILED) report("mprotect-executable", syscall(SYS_mprotect, page, 4096, PROT_READ | PROT_EXEC));
    report("mmap-executable", syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    report("prlimit", syscall(SYS_prlimit64, 0, RLIMIT_CORE, NULL, &limit));
    report("prctl", syscall(SYS_prctl, 3, 0, 0, 0, 0));
    report("dup", syscall(SYS_dup, 2));
    report("fcntl", syscall(SYS_fcntl, 2, F_GETFL));
    report("fchmod-errors", syscall(SYS_fchmod, 2, 0600));
    report_opened("memfd", syscall(SYS_memfd_create, "probe", 0));
    report("ioctl", syscall(SYS_ioctl, 0, 0x541B, &limit));
}

/// What even an ordinary program may do only as root, and not everywhere.
static void use_privileges(void) {
    report("mount", syscall(SYS_mount, "none", place, "tmpfs", 0, NULL));
    report("io_uring", syscall(SYS_io_uring_setup, 1, NULL));
    report("bpf", syscall(SYS_bpf, 0, NULL, 0));
    report("setuid", syscall(SYS_setuid, 12345));
    report("init-module", syscall(SYS_finit_module, 0, "", 0));
    report("reboot", syscall(SYS_reboot, 0, 0, 0, NULL));
    report("chroot", syscall(SYS_chroot, place));
}

static void attempt_all(int folder) {
    speak();
    touch_files(folder);
    start_others();
    change_itself();
}

__attribute__((constructor)) static void begin(void) {
    const char *when = getenv("SANDBOXPROBE_WHEN"), *where = getenv("SANDBOXPROBE_PLACE");
    denied = getenv("SANDBOXPROBE_DENY");
    if (!when || !where) return;
    snprintf(place, sizeof place, "%s", where);
    snprintf(bait, sizeof bait, "%s/bait", where);
    snprintf(made, sizeof made, "%s/made", where);
    at_entry = strcmp(when, "entry") == 0;
    if (strcmp(when, "start") != 0) return;
    char inner[4300];
    snprintf(inner, sizeof inner, "%s/inner", where);
    int folder = mkdir(inner, 0755) < 0 ? -1 : open(inner, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) _exit(98);
    attempt_all(folder);
    close(folder);
}

struct archive;
struct archive_entry;

int archive_read_next_header(struct archive *archive, struct archive_entry **entry) {
    static int (*next)(struct archive *, struct archive_entry **);
    if (!next) next = (int (*)(struct archive *, struct archive_entry **))dlsym(RTLD_NEXT, "archive_read_next_header");
    if (at_entry) {
        at_entry = 0;
        // The program's folder is the first descriptor of its own.
        attempt_all(3);
        use_privileges();
    }
    return next(archive, entry);
}

static int is_denied(const char *what) { return denied && strcmp(denied, what) == 0; }

int seccomp_load(void *filter) {
    static int (*next)(void *);
    if (!next) next = (int (*)(void *))dlsym(RTLD_NEXT, "seccomp_load");
    return is_denied("seccomp") ? -EINVAL : next(filter);
}

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit) {
    if (is_denied("limits")) {
        errno = EPERM;
        return -1;
    }
    return (int)syscall(SYS_prlimit64, 0, resource, limit, NULL);
}

long syscall(long number, ...) {
    static long (*next)(long, ...);
    long words[6];
    va_list list;
    va_start(list, number);
    for (int index = 0; index < 6; index++) words[index] = va_arg(list, long);
    va_end(list);
    if (!next) next = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    if (number == SYS_landlock_create_ruleset && is_denied("landlock")) {
        errno = ENOSYS;
        return -1;
    }
    return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
