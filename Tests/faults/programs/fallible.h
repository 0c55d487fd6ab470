/* Which system calls can fail, and how: an injected error has to be one that the kernel could give.
 * Calls that are not here never fail (getpid), or mean nothing to who makes them (madvise). */
#ifndef FALLIBLE_H
#define FALLIBLE_H

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>

struct fallible {
  long call;
  int errors[5]; /* 0 ends them */
};

#define NO_DESCRIPTOR EMFILE, ENFILE, ENOMEM

static const struct fallible fallible[] = {
    {SYS_openat, {EMFILE, ENOMEM, ENOSPC, EIO, EACCES}},
    {SYS_open, {EMFILE, ENOMEM, ENOSPC, EIO, EACCES}},
    {SYS_read, {EIO, ENOMEM}},
    {SYS_pread64, {EIO, ENOMEM}},
    {SYS_write, {ENOSPC, EIO, EDQUOT}},
    {SYS_writev, {ENOSPC, EIO}},
    {SYS_pwrite64, {ENOSPC, EIO}},
    {SYS_fsync, {EIO, ENOSPC}},
    {SYS_ftruncate, {EIO}},
    {SYS_rename, {EIO, ENOSPC, EACCES}},
    {SYS_renameat, {EIO, ENOSPC, EACCES}},
    {SYS_renameat2, {EIO, ENOSPC, EACCES}},
    {SYS_link, {EPERM, EMLINK, ENOSPC}},
    {SYS_linkat, {EPERM, EMLINK, ENOSPC}},
    {SYS_unlink, {EIO, EACCES}},
    {SYS_unlinkat, {EIO, EACCES}},
    {SYS_rmdir, {EIO, EACCES}},
    {SYS_symlink, {ENOSPC, EIO}},
    {SYS_symlinkat, {ENOSPC, EIO}},
    {SYS_mkdir, {ENOSPC, EACCES, EIO}},
    {SYS_mkdirat, {ENOSPC, EACCES, EIO}},
    {SYS_mknod, {ENOSPC, EPERM, EIO}},
    {SYS_mknodat, {ENOSPC, EPERM, EIO}},
    {SYS_chmod, {EPERM, EIO}},
    {SYS_fchmodat, {EPERM, EIO}},
    {SYS_access, {EACCES, EIO}},
    {SYS_faccessat, {EACCES, EIO}},
    {SYS_faccessat2, {EACCES, EIO}},
    {SYS_newfstatat, {EACCES, EIO, ENOMEM}},
    {SYS_fstat, {EIO}},
    {SYS_readlink, {EACCES, ENOENT}},
    {SYS_readlinkat, {EACCES, ENOENT}},
    {SYS_getcwd, {ENOENT, ENOMEM}},
    {SYS_getdents64, {EIO}},
    {SYS_mmap, {ENOMEM}},
    {SYS_clone, {EAGAIN, ENOMEM}},
    {SYS_clone3, {EAGAIN, ENOMEM}},
    {SYS_fork, {EAGAIN, ENOMEM}},
    {SYS_vfork, {EAGAIN, ENOMEM}},
    {SYS_execve, {ENOMEM, EIO, EAGAIN}},
    {SYS_pipe2, {NO_DESCRIPTOR}},
    {SYS_socket, {NO_DESCRIPTOR}},
    {SYS_socketpair, {NO_DESCRIPTOR}},
    {SYS_accept4, {NO_DESCRIPTOR, ECONNABORTED}},
    {SYS_epoll_create1, {NO_DESCRIPTOR}},
    {SYS_epoll_ctl, {ENOMEM, ENOSPC}},
    {SYS_eventfd2, {NO_DESCRIPTOR}},
    {SYS_signalfd4, {NO_DESCRIPTOR}},
    {SYS_memfd_create, {NO_DESCRIPTOR}},
    {SYS_pidfd_open, {NO_DESCRIPTOR, ENOSYS}},
    {SYS_close_range, {ENOSYS}},
    {SYS_bind, {ENOSPC, EACCES}},
    {SYS_listen, {EADDRINUSE}},
    {SYS_connect, {ECONNREFUSED, EAGAIN, EINTR}},
    {SYS_sendto, {EPIPE, ENOMEM, EINTR}},
    {SYS_sendmsg, {EPIPE, ENOMEM, EINTR}},
    {SYS_recvfrom, {ECONNRESET, ENOMEM, EINTR}},
    {SYS_recvmsg, {ECONNRESET, ENOMEM, EINTR}},
    {SYS_setsockopt, {ENOMEM}},
    {SYS_poll, {EINTR, ENOMEM}},
    {SYS_ppoll, {EINTR, ENOMEM}},
    {SYS_epoll_wait, {EINTR}},
    {SYS_tee, {ENOMEM}},
    {SYS_splice, {ENOMEM}},
    {SYS_prlimit64, {EPERM}},
    {SYS_setsid, {EPERM}},
    {SYS_getrandom, {EINTR}},
};

/* The n-th way in which a call can fail, or 0. */
static inline int error_of(long call, unsigned n) {
  for (size_t i = 0; i < sizeof fallible / sizeof *fallible; i++) {
    if (fallible[i].call == call) {
      unsigned count = 0;
      while (count < sizeof fallible[i].errors / sizeof(int) && fallible[i].errors[count] != 0) {
        count++;
      }
      return fallible[i].errors[n % count];
    }
  }
  return 0;
}

#endif
