#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/close_range.h>
#include <linux/openat2.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t clinux_spawn(const char *path, char *const argv[], char *const envp[], const char *directory, int in, int out,
                   int err, int flags) {
    return clinux_spawn_giving(path, argv, envp, directory, in, out, err, -1, flags);
}

pid_t clinux_spawn_giving(const char *path, char *const argv[], char *const envp[], const char *directory, int in,
                          int out, int err, int extra, int flags) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    short wanted = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    pid_t pid = -1;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return -error;
    error = posix_spawnattr_init(&attributes);
    if (error) {
        posix_spawn_file_actions_destroy(&actions);
        return -error;
    }
    // A source that already has its target's number would keep its close-on-exec flag; glibc clears it in dup2(n, n).
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, in, 0);
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, out, 1);
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, err, 2);
    if (!error && extra >= 0) error = posix_spawn_file_actions_adddup2(&actions, extra, 3);
    if (!error && !(flags & CLINUX_SPAWN_KEEP))
        error = posix_spawn_file_actions_addclosefrom_np(&actions, extra >= 0 ? 4 : 3);
    if (!error && directory) error = posix_spawn_file_actions_addchdir_np(&actions, directory);
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    sigemptyset(&none);
    if (!error) error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (!error) error = posix_spawnattr_setsigmask(&attributes, &none);
    if (flags & CLINUX_SPAWN_SESSION) wanted |= POSIX_SPAWN_SETSID;
    if (flags & CLINUX_SPAWN_GROUP) {
        wanted |= POSIX_SPAWN_SETPGROUP;
        if (!error) error = posix_spawnattr_setpgroup(&attributes, 0);
    }
    if (!error) error = posix_spawnattr_setflags(&attributes, wanted);
    if (!error) error = posix_spawn(&pid, path, &actions, &attributes, argv, envp);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error ? -error : pid;
}

int clinux_pidfd_open(pid_t pid) {
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    return fd < 0 ? -errno : fd;
}

int clinux_pidfd_signal(int pidfd, int signal) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0 ? -errno : 0;
}

static int wait_for(int fd, short events, int milliseconds) {
    struct pollfd wanted = {.fd = fd, .events = events, .revents = 0};
    int ready = poll(&wanted, 1, milliseconds);
    if (ready < 0) return errno == EINTR ? 0 : -errno;
    return ready > 0 ? 1 : 0;
}

int clinux_wait_readable(int fd, int milliseconds) { return wait_for(fd, POLLIN, milliseconds); }

int clinux_wait_writable(int fd, int milliseconds) { return wait_for(fd, POLLOUT, milliseconds); }

int64_t clinux_write_quietly(int fd, const void *bytes, int64_t count) {
    sigset_t pipe_signal, before, pending;
    struct timespec at_once = {0, 0};
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigpending(&pending);
    int was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    ssize_t put = write(fd, bytes, (size_t)count);
    int code = errno;
    // The signal of this very write is taken away before anybody hears it.
    if (put < 0 && code == EPIPE && !was_pending)
        while (sigtimedwait(&pipe_signal, NULL, &at_once) < 0 && errno == EINTR) continue;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return put < 0 ? -code : put;
}

int clinux_memory_file(const char *name, const void *bytes, int64_t count) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) return -errno;
    for (int64_t done = 0; done < count;) {
        ssize_t put = pwrite(fd, (const char *)bytes + done, (size_t)(count - done), done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) {
            int code = errno;
            close(fd);
            return -code;
        }
        done += put;
    }
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0) {
        int code = errno;
        close(fd);
        return -code;
    }
    return fd;
}

int clinux_pipe(int *read_end, int *write_end, int room) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    // The room is a wish: an ordinary user's pipes may have less.
    if (room > 0) (void)fcntl(ends[1], F_SETPIPE_SZ, room);
    *read_end = ends[0];
    *write_end = ends[1];
    return 0;
}

int clinux_wait_child(pid_t pid, int milliseconds, int *code, int *signal) {
    if (milliseconds >= 0) {
        int pidfd = clinux_pidfd_open(pid);
        if (pidfd < 0) return pidfd;
        int ready = clinux_wait_readable(pidfd, milliseconds);
        close(pidfd);
        if (ready <= 0) return ready;
    }
    int status = 0;
    pid_t got;
    do {
        got = waitpid(pid, &status, 0);
    } while (got < 0 && errno == EINTR);
    if (got < 0) return -errno;
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    *signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return 1;
}

int clinux_open(const char *path, int flags, mode_t mode) {
    int fd = open(path, flags | O_CLOEXEC, mode);
    return fd < 0 ? -errno : fd;
}

int clinux_openat(int folder, const char *path, int flags, mode_t mode) {
    int fd = openat(folder, path, flags | O_CLOEXEC, mode);
    return fd < 0 ? -errno : fd;
}

int clinux_open_beneath(int folder, const char *path, int flags, mode_t mode) {
    struct open_how how = {
        .flags = (uint64_t)(flags | O_CLOEXEC),
        .mode = (flags & O_CREAT) ? mode : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    int fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
    return fd < 0 ? -errno : fd;
}

int clinux_rename_noreplace(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) < 0 ? -errno : 0;
}

int clinux_rename_exchange(const char *one, const char *other) {
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) < 0 ? -errno : 0;
}

int clinux_syncfs(int fd) { return syncfs(fd) < 0 ? -errno : 0; }

void clinux_begin_writing(int fd, int64_t offset, int64_t count) {
    (void)sync_file_range(fd, offset, count, SYNC_FILE_RANGE_WRITE);
}

int clinux_try_lock(int fd, int exclusive) {
    return flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) < 0 ? -errno : 0;
}

int64_t clinux_copy_content(int from, int to) {
    int64_t total = 0;
    for (;;) {
        ssize_t moved = copy_file_range(from, NULL, to, NULL, 1 << 26, 0);
        if (moved > 0) {
            total += moved;
            continue;
        }
        if (moved == 0) return total;
        if (errno == EINTR) continue;
        if (total == 0 && (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)) break;
        return -errno;
    }
    static char buffer[1 << 17];
    for (;;) {
        ssize_t got = read(from, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -errno;
        if (got == 0) return total;
        for (ssize_t done = 0; done < got;) {
            ssize_t put = write(to, buffer + done, (size_t)(got - done));
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) return -errno;
            done += put;
        }
        total += got;
    }
}

int64_t clinux_free_bytes(const char *path) {
    struct statvfs place;
    if (statvfs(path, &place) < 0) return -errno;
    return (int64_t)place.f_bavail * (int64_t)place.f_frsize;
}

int64_t clinux_disk_bytes(const char *path) {
    struct statvfs place;
    if (statvfs(path, &place) < 0) return -errno;
    return (int64_t)place.f_blocks * (int64_t)place.f_frsize;
}

int clinux_addresses(clinux_address *found, int capacity) {
    struct ifaddrs *all = NULL;
    int count = 0;
    if (getifaddrs(&all) < 0) return -errno;
    for (struct ifaddrs *one = all; one && count < capacity; one = one->ifa_next) {
        if (!one->ifa_addr || !(one->ifa_flags & IFF_UP)) continue;
        if (one->ifa_addr->sa_family == AF_INET) {
            found[count].family = 4;
            memcpy(found[count++].bytes, &((struct sockaddr_in *)one->ifa_addr)->sin_addr, 4);
        } else if (one->ifa_addr->sa_family == AF_INET6) {
            found[count].family = 6;
            memcpy(found[count++].bytes, &((struct sockaddr_in6 *)one->ifa_addr)->sin6_addr, 16);
        }
    }
    freeifaddrs(all);
    return count;
}

int clinux_forget_descriptors(void) {
    return syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC) < 0 ? -errno : 0;
}

static volatile sig_atomic_t termination = 0;

static void remember_termination(int number) { termination = number; }

void clinux_catch_termination(void) {
    struct sigaction action = {.sa_handler = remember_termination};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

int clinux_termination(void) { return termination; }

int clinux_is_directory(mode_t mode) { return S_ISDIR(mode); }
int clinux_is_regular(mode_t mode) { return S_ISREG(mode); }
int clinux_is_symlink(mode_t mode) { return S_ISLNK(mode); }
