#include "killshim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum moment { NEVER, BEFORE, AFTER_WRITE, AFTER_SYNC };

static enum moment moment = NEVER;
static const char *file_suffix, *wanted_text, *stamp, *count_file;
static int whole_group, freezes;
static long kill_at;
static atomic_long calls;
/// The file whose synchronization is awaited; an inode, because its descriptor's number may be used again.
static dev_t awaited_device;
static ino_t awaited_inode;

static int ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

__attribute__((constructor)) static void read_environment(void) {
    const char *program = getenv("KILLSHIM_PROGRAM"), *when = getenv("KILLSHIM_WHEN"), *at = getenv("KILLSHIM_AT");
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length < 0) return;
    path[length] = 0;
    const char *name = strrchr(path, '/');
    if (program && strcmp(name ? name + 1 : path, program) != 0) return;
    const char *target = getenv("KILLSHIM_TARGET");
    whole_group = target && strcmp(target, "group") == 0;
    freezes = target && strcmp(target, "freeze") == 0;
    stamp = getenv("KILLSHIM_STAMP");
    count_file = getenv("KILLSHIM_COUNT");
    kill_at = at ? atol(at) : 0;
    file_suffix = getenv("KILLSHIM_FILE");
    wanted_text = getenv("KILLSHIM_TEXT");
    if (!file_suffix || !wanted_text || !when) return;
    if (strcmp(when, "before") == 0) moment = BEFORE;
    if (strcmp(when, "after-write") == 0) moment = AFTER_WRITE;
    if (strcmp(when, "after-sync") == 0) moment = AFTER_SYNC;
}

__attribute__((destructor)) static void report_count(void) {
    if (!count_file) return;
    const char *path = count_file;
    count_file = NULL;
    FILE *file = fopen(path, "we");
    if (!file) return;
    fprintf(file, "%ld\n", atomic_load(&calls));
    fclose(file);
}

static void die(void) {
    if (stamp) {
        int made = open(stamp, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
        if (made < 0) return;
        close(made);
    }
    if (freezes) {
        kill(getpid(), SIGSTOP);
        return;
    }
    kill(whole_group ? 0 : getpid(), SIGKILL);
    for (;;) pause();
}

/// Every call that changes a file passes here first.
static void count_call(void) {
    if (!count_file && !kill_at) return;
    if (atomic_fetch_add(&calls, 1) + 1 == kill_at) die();
}

static int contains_all(const void *bytes, size_t size, const char *parts) {
    while (*parts) {
        size_t length = strcspn(parts, "&");
        if (!memmem(bytes, size, parts, length)) return 0;
        parts += length;
        if (*parts == '&') parts++;
    }
    return 1;
}

static int is_wanted(int fd, const void *bytes, size_t size) {
    if (moment == NEVER || !contains_all(bytes, size, wanted_text)) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return ends_with(path, file_suffix);
}

static void before_write(int fd, const void *bytes, size_t size) {
    count_call();
    if (moment == BEFORE && is_wanted(fd, bytes, size)) die();
}

static void after_write(int fd, const void *bytes, ssize_t written) {
    int code = errno;
    if (moment > BEFORE && written > 0 && is_wanted(fd, bytes, (size_t)written)) {
        if (moment == AFTER_WRITE) die();
        struct stat status;
        if (fstat(fd, &status) == 0) {
            awaited_device = status.st_dev;
            awaited_inode = status.st_ino;
        }
    }
    errno = code;
}

static void after_sync(int fd) {
    int code = errno;
    struct stat status;
    if (awaited_inode && fstat(fd, &status) == 0 && status.st_ino == awaited_inode && status.st_dev == awaited_device)
        die();
    errno = code;
}

/// The next definition of a function, looked up once.
#define NEXT(name)                                                                                                      \
    static __typeof__(&name) next;                                                                                      \
    if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *bytes, size_t size) {
    NEXT(write);
    before_write(fd, bytes, size);
    ssize_t written = next(fd, bytes, size);
    after_write(fd, bytes, written);
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) {
    NEXT(pwrite);
    before_write(fd, bytes, size);
    ssize_t written = next(fd, bytes, size, offset);
    after_write(fd, bytes, written);
    return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset) {
    NEXT(pwrite64);
    before_write(fd, bytes, size);
    ssize_t written = next(fd, bytes, size, offset);
    after_write(fd, bytes, written);
    return written;
}

int fsync(int fd) {
    NEXT(fsync);
    count_call();
    int result = next(fd);
    after_sync(fd);
    return result;
}

int fdatasync(int fd) {
    NEXT(fdatasync);
    count_call();
    int result = next(fd);
    after_sync(fd);
    return result;
}

#define COUNTED(name, parameters, arguments)                                                                            \
    int name parameters {                                                                                               \
        NEXT(name);                                                                                                     \
        count_call();                                                                                                   \
        return next arguments;                                                                                          \
    }

COUNTED(rename, (const char *from, const char *to), (from, to))
COUNTED(renameat, (int folder, const char *from, int other, const char *to), (folder, from, other, to))
COUNTED(renameat2, (int folder, const char *from, int other, const char *to, unsigned flags),
        (folder, from, other, to, flags))
COUNTED(link, (const char *from, const char *to), (from, to))
COUNTED(symlink, (const char *target, const char *path), (target, path))
COUNTED(unlink, (const char *path), (path))
COUNTED(unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
COUNTED(rmdir, (const char *path), (path))
COUNTED(mkdir, (const char *path, mode_t mode), (path, mode))
COUNTED(mkdirat, (int folder, const char *path, mode_t mode), (folder, path, mode))
COUNTED(chmod, (const char *path, mode_t mode), (path, mode))
COUNTED(fchmod, (int fd, mode_t mode), (fd, mode))
COUNTED(ftruncate, (int fd, off_t size), (fd, size))
