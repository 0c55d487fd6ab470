/* Kernel interfaces that the recorder needs and Swift cannot reach: variadic functions, macros that
 * compute their value, structures that Debian 12's headers do not have yet.
 *
 * Nothing here runs inside other people's programs; that C is in CInterpose/. Every function keeps
 * the kernel's contract: -1 and errno on failure. */
#ifndef KERNEL_CALLS_H
#define KERNEL_CALLS_H

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* pidfd_open(2); the descriptor is close-on-exec. */
static inline int kernel_pidfd_open(int pid) {
  return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* struct pidfd_info of <linux/pidfd.h>, the first version of it (Linux 6.13): later ones append. */
struct kernel_pidfd_info {
  uint64_t mask;
  uint64_t cgroupid;
  uint32_t pid, tgid, ppid;
  uint32_t ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
  int32_t exit_code;
};
_Static_assert(sizeof(struct kernel_pidfd_info) == 64, "the kernel's size of the first version");

enum { KERNEL_PIDFD_INFO_EXIT = 1 << 3 };

/* The wait status of a process that was reaped, by whomever: ioctl(PIDFD_GET_INFO), Linux 6.15.
 * 1: it is in *status. 0: the kernel does not say. */
static inline int kernel_pidfd_exit_status(int pidfd, int32_t *status) {
  struct kernel_pidfd_info info;
  memset(&info, 0, sizeof info);
  info.mask = KERNEL_PIDFD_INFO_EXIT;
  if (ioctl(pidfd, _IOWR(0xff, 11, struct kernel_pidfd_info), &info) != 0) return 0;
  if (!(info.mask & KERNEL_PIDFD_INFO_EXIT)) return 0;
  *status = info.exit_code;
  return 1;
}

/* fcntl(F_SETPIPE_SZ): the size that the kernel gave. */
int kernel_set_pipe_size(int fd, int bytes);

/* Whether seccomp(2) can hand calls to a supervisor (SECCOMP_FILTER_FLAG_NEW_LISTENER). Asks with
 * SECCOMP_GET_ACTION_AVAIL, which changes nothing. */
static inline int kernel_has_seccomp_notify(void) {
  uint32_t action = 0x7fc00000; /* SECCOMP_RET_USER_NOTIF */
  return syscall(SYS_seccomp, 2 /* SECCOMP_GET_ACTION_AVAIL */, 0, &action) == 0;
}

/* signalfd(2) of one set, close-on-exec, non-blocking. */
static inline int kernel_signalfd(const sigset_t *set) {
  return signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* ssi_code of a signal that the kernel itself sent, such as Ctrl-C of a terminal. */
enum { KERNEL_SI_KERNEL = SI_KERNEL };

/* getrandom(2), all of the bytes. */
int kernel_random(void *bytes, size_t count);

#endif
