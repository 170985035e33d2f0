/// Thin wrappers for what Swift's Glibc overlay does not show: variadic calls, macros and GNU extensions.
/// Every function returns 0 (or a non-negative value) for success and a negated errno for failure, so that no caller
/// reads errno after another call has changed it.
#ifndef CLINUX_H
#define CLINUX_H

#include <stdint.h>
#include <sys/types.h>

/// New session, detached from the caller's terminal and process group.
#define CLINUX_SPAWN_SESSION 1
/// New process group inside the caller's session, so that a group signal reaches the whole family.
#define CLINUX_SPAWN_GROUP 2
/// Leaves descriptors without close-on-exec open in the child: a lock that shall be held as long as the child lives.
#define CLINUX_SPAWN_KEEP 4

/// Starts a program with exactly the three given descriptors, default signal handling and an empty signal mask.
/// Descriptors from 3 on are closed unless CLINUX_SPAWN_KEEP is given. `directory` may be null. Returns the process id.
pid_t clinux_spawn(const char *_Nonnull path, char *_Nullable const *_Nonnull argv, char *_Nullable const *_Nonnull envp,
                   const char *_Nullable directory, int in, int out, int err, int flags);
/// The same; the child gets one descriptor more, as its number 3, and none after it.
pid_t clinux_spawn_giving(const char *_Nonnull path, char *_Nullable const *_Nonnull argv,
                          char *_Nullable const *_Nonnull envp, const char *_Nullable directory, int in, int out,
                          int err, int extra, int flags);

/// Waits at most `milliseconds` (negative: for ever) for a child. Returns 1 and fills exactly one of `code` (exit
/// status) or `signal`, 0 when the time is up, or a negated errno.
int clinux_wait_child(pid_t pid, int milliseconds, int *_Nonnull code, int *_Nonnull signal);

/// Waits until a descriptor is readable: 1 readable (or at its end), 0 time is up, negated errno.
int clinux_wait_readable(int fd, int milliseconds);

/// Waits until a descriptor takes bytes, or nobody reads it any more: 1, 0 when the time is up, negated errno.
int clinux_wait_writable(int fd, int milliseconds);
/// write(2), but a pipe that nobody reads is -EPIPE and no signal, whatever this process does with SIGPIPE.
int64_t clinux_write_quietly(int fd, const void *_Nonnull bytes, int64_t count);
/// A file in memory with the given content, which nobody can change any more. Closed by exec.
int clinux_memory_file(const char *_Nonnull name, const void *_Nullable bytes, int64_t count);
/// A pipe with at least so much room, where it may have that; both ends are closed by exec.
int clinux_pipe(int *_Nonnull read_end, int *_Nonnull write_end, int room);

/// Opens a process descriptor, which names the process even after its number was used again.
int clinux_pidfd_open(pid_t pid);
int clinux_pidfd_signal(int pidfd, int signal);

int clinux_open(const char *_Nonnull path, int flags, mode_t mode);
int clinux_openat(int folder, const char *_Nonnull path, int flags, mode_t mode);
/// openat2 with RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS and RESOLVE_NO_MAGICLINKS.
int clinux_open_beneath(int folder, const char *_Nonnull path, int flags, mode_t mode);
/// Renames without replacing: -EEXIST where the target exists.
int clinux_rename_noreplace(const char *_Nonnull from, const char *_Nonnull to);
/* Both must be there; each has the other's name afterwards. */
int clinux_rename_exchange(const char *_Nonnull one, const char *_Nonnull other);
/// Writes the file system that holds the open file to its device.
int clinux_syncfs(int fd);
/// Begins to write a part of the open file to its device, and does not wait for it. A hint: nothing depends on it.
void clinux_begin_writing(int fd, int64_t offset, int64_t count);
/// flock: `exclusive` or shared; does not wait. -EWOULDBLOCK when another holds it.
int clinux_try_lock(int fd, int exclusive);
/// Copies the content from one descriptor to another inside the kernel where the file system can.
int64_t clinux_copy_content(int from, int to);
/// Free bytes an unprivileged writer may use.
int64_t clinux_free_bytes(const char *_Nonnull path);
/// Bytes of the whole file system.
int64_t clinux_disk_bytes(const char *_Nonnull path);

/// An address of a network interface: `family` 4 with four bytes, or 6 with sixteen.
typedef struct {
    int family;
    uint8_t bytes[16];
} clinux_address;
/// Fills in at most `capacity` addresses of the interfaces that are up. Returns how many it filled in.
int clinux_addresses(clinux_address *_Nonnull found, int capacity);

/// Marks every descriptor from 3 on close-on-exec: whatever came with the caller goes no further.
int clinux_forget_descriptors(void);
/// From now on SIGTERM, SIGINT and SIGHUP are only remembered.
void clinux_catch_termination(void);
/// The last of them that arrived; 0 when none did.
int clinux_termination(void);
int clinux_is_directory(mode_t mode);
int clinux_is_regular(mode_t mode);
int clinux_is_symlink(mode_t mode);

// What a process gives up for good (confine.c).

/// Closes every descriptor from 3 on but one.
int clinux_close_others(int kept);
/// Lowers a resource limit (RLIMIT_...), soft and hard, to a value, or leaves it where it is lower.
int clinux_limit(int resource, int64_t value);
/// No new privileges, no capabilities, and nobody of the same account may look into this process.
int clinux_renounce_privileges(void);
/// Landlock: from now on this process makes and writes files and folders beneath the open folder and reads and lists no
/// other. -ENOSYS or -EOPNOTSUPP where the kernel cannot do it.
int clinux_confine_writing(int folder);

#endif
