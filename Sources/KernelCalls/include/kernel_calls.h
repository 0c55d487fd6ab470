/* Kernel interfaces that the recorder needs and Swift cannot reach: variadic functions, macros that
 * compute their value, structures that Debian 12's headers do not have yet.
 *
 * Nothing here runs inside other people's programs; that C is in CInterpose/. Every function keeps
 * the kernel's contract, -1 and errno on failure, unless it says otherwise. The header includes
 * next to nothing: Swift would take libc's types for this module's. */
#ifndef KERNEL_CALLS_H
#define KERNEL_CALLS_H

#include <stddef.h>
#include <stdint.h>

/* The arguments that this process was given, argv[0] first, NULL at the end. Swift's own look for
 * them in /proc, and are none where that cannot be read. */
char **kernel_arguments(void);

/* pidfd_open(2); the descriptor is close-on-exec. */
int kernel_pidfd_open(int pid);

/* An epoll(7) set that is told once when a process in it ends, and once when it was reaped. */
int kernel_watch_create(void);
/* Adds a pidfd under a key. It leaves the set when it is closed. */
int kernel_watch_add(int watch, int pidfd, uint64_t key);
/* At most `count` of what happened, without waiting; is_reaped: it is no zombie any more. */
struct kernel_watched {
  uint64_t key;
  int is_reaped;
};
int kernel_watch_next(int watch, struct kernel_watched *watched, int count);

/* The wait status of a process that was reaped, by whomever: ioctl(PIDFD_GET_INFO), Linux 6.15.
 * 1: it is in *status. 0: the kernel does not say. */
int kernel_pidfd_exit_status(int pidfd, int32_t *status);

/* Who a process is, by the same call, Linux 6.13: 1, or 0 where the kernel does not say. */
struct kernel_identity {
  uint32_t parent; /* its parent's pid, as this process sees it */
  uint32_t euid;
};
int kernel_pidfd_identity(int pidfd, struct kernel_identity *identity);

/* An inotify(7) descriptor that is readable once somebody has opened `path`; close-on-exec. */
int kernel_opening_watch(const char *path);
/* Waits for the next one to open it. */
void kernel_opening_heard(int watch);

/* fcntl(F_SETPIPE_SZ): the size that the kernel gave. */
int kernel_set_pipe_size(int fd, int bytes);

/* prctl(PR_SET_DUMPABLE): no core file of this process, and other processes of its user cannot look
 * into it. */
void kernel_forbid_dump(void);

/* 1 if a file has file capabilities, capabilities(7), else 0. */
int kernel_has_capabilities(int fd);

/* The symbol of an errno, strerrorname_np(3); NULL where it has none. */
const char *kernel_errno_name(int error);

/* getrandom(2), all of the bytes. */
int kernel_random(void *bytes, size_t count);

/* A listening Unix stream socket at `path`, which may be longer than sun_path; close-on-exec and
 * non-blocking. Whoever may write to it may connect: `mode`. */
int kernel_socket_listen(const char *path, unsigned mode);
/* The next connection, close-on-exec and non-blocking; -1 with EAGAIN where there is none. */
int kernel_socket_accept(int listener);
/* recvmsg(2): reads at most `count` bytes, and the descriptors that came along, close-on-exec, of
 * which *descriptor_count says at first how many fit and then how many came. */
long kernel_socket_receive(int socket, void *bytes, size_t count, int *descriptors,
                           size_t *descriptor_count);

/* posix_spawn(3) sets the two signals to ignored that libc keeps for itself. Adds them to a
 * sigset_t of those that a child gets with the default, unless they are ignored here. */
void kernel_spawn_own_signals(void *defaults);

/* posix_spawn_file_actions_addchdir_np(3); `actions` is a posix_spawn_file_actions_t. */
int kernel_spawn_in_folder(void *actions, const char *folder);

/* An eventfd(2), close-on-exec and non-blocking: readable from raise to take. */
int kernel_event_create(void);
void kernel_event_raise(int event);
void kernel_event_take(int event);

/* A memory file, close-on-exec, with these bytes, to be read from its beginning. */
int kernel_memory_file(const void *bytes, size_t count);
/* sendmsg(2) with descriptors, at most 4. */
long kernel_socket_send(int socket, const void *bytes, size_t count, const int *descriptors,
                        size_t descriptor_count);

/* An epoll(7) set of descriptors, told as long as they are readable or closed by the other side. */
int kernel_readers_create(void);
int kernel_readers_add(int readers, int fd);
/* At most `count` descriptors that have something, without waiting. */
int kernel_readers_next(int readers, int *ready, int count);

/* Blocks the signals in `signals` (`count` numbers), SIGXCPU, and SIGPIPE and SIGXFSZ, which become
 * errors of write(2); stores the mask before in *before (a sigset_t), and returns a signalfd(2) of
 * `signals`, close-on-exec and non-blocking. */
int kernel_signal_descriptor(const int *signals, size_t count, void *before);

/* What a signalfd has: 1 and the number, 1 in *from_kernel if the kernel itself sent it (Ctrl-C of
 * a terminal), and the process that did otherwise; 0 if it has nothing. */
int kernel_next_signal(int fd, int *signal, int *from_kernel, int *sender);

#endif
