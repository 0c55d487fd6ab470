#define _GNU_SOURCE
#include "kernel_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

static char *no_arguments[] = {NULL};
static char **arguments = no_arguments;

/* glibc gives constructors what it gives main. */
__attribute__((constructor)) static void keep_arguments(int argc, char **argv) {
  if (argc > 0) {
    arguments = argv;
  }
}

char **kernel_arguments(void) { return arguments; }

int kernel_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int kernel_watch_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int kernel_watch_add(int watch, int pidfd, uint64_t key) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = key};
  return epoll_ctl(watch, EPOLL_CTL_ADD, pidfd, &event);
}

int kernel_watch_next(int watch, struct kernel_watched *watched, int count) {
  struct epoll_event events[64];
  enum { MOST = sizeof events / sizeof *events };
  int found = epoll_wait(watch, events, count < MOST ? count : MOST, 0);
  for (int i = 0; i < found; i++) {
    watched[i].key = events[i].data.u64;
    watched[i].is_reaped = (events[i].events & EPOLLHUP) != 0;
  }
  return found;
}

/* struct pidfd_info of <linux/pidfd.h>, the first version of it (Linux 6.13): later ones append. */
struct pidfd_info_1 {
  uint64_t mask;
  uint64_t cgroupid;
  uint32_t pid, tgid, ppid;
  uint32_t ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
  int32_t exit_code;
};
_Static_assert(sizeof(struct pidfd_info_1) == 64, "the kernel's size of the first version");
#define PIDFD_GET_INFO_1 _IOWR(0xff, 11, struct pidfd_info_1)

int kernel_pidfd_exit_status(int pidfd, int32_t *status) {
  enum { INFO_EXIT = 1 << 3 };
  struct pidfd_info_1 info = {.mask = INFO_EXIT};
  if (ioctl(pidfd, PIDFD_GET_INFO_1, &info) != 0 || !(info.mask & INFO_EXIT)) {
    return 0;
  }
  *status = info.exit_code;
  return 1;
}

int kernel_pidfd_identity(int pidfd, struct kernel_identity *identity) {
  enum { INFO_PID = 1 << 0, INFO_CREDS = 1 << 1 };
  struct pidfd_info_1 info = {.mask = INFO_PID | INFO_CREDS};
  if (ioctl(pidfd, PIDFD_GET_INFO_1, &info) != 0 ||
      (info.mask & (INFO_PID | INFO_CREDS)) != (INFO_PID | INFO_CREDS)) {
    return 0;
  }
  identity->parent = info.ppid;
  identity->euid = info.euid;
  return 1;
}

void kernel_spawn_own_signals(void *defaults) {
  /* As the kernel takes it: libc's own function does not tell of these. */
  struct {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
  } action;
  enum { FIRST = 32, LAST = 33 };
  for (int signal = FIRST; signal <= LAST; signal++) {
    if (syscall(SYS_rt_sigaction, signal, NULL, &action, sizeof action.mask) == 0 &&
        action.handler != SIG_IGN) {
      unsigned long *words = defaults; /* sigaddset(3) refuses them */
      words[0] |= 1ul << (signal - 1);
    }
  }
}

int kernel_spawn_in_folder(void *actions, const char *folder) {
  return posix_spawn_file_actions_addchdir_np(actions, folder);
}

int kernel_event_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void kernel_event_raise(int event) { eventfd_write(event, 1); }

void kernel_event_take(int event) {
  eventfd_t count;
  eventfd_read(event, &count);
}

int kernel_opening_watch(const char *path) {
  int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (watch >= 0 && inotify_add_watch(watch, path, IN_OPEN) < 0) {
    int error = errno;
    close(watch);
    errno = error;
    return -1;
  }
  return watch;
}

void kernel_opening_heard(int watch) {
  char events[8 * sizeof(struct inotify_event)];
  while (read(watch, events, sizeof events) > 0) {
  }
}

int kernel_set_pipe_size(int fd, int bytes) { return fcntl(fd, F_SETPIPE_SZ, bytes); }

void kernel_forbid_dump(void) { prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

int kernel_has_capabilities(int fd) { return fgetxattr(fd, "security.capability", NULL, 0) > 0; }

int kernel_random(void *bytes, size_t count) {
  unsigned char *at = bytes;
  while (count > 0) {
    ssize_t got = getrandom(at, count, 0);
    if (got < 0) {
      if (errno == EINTR) {
        continue;
      }
      return -1;
    }
    at += got;
    count -= (size_t)got;
  }
  return 0;
}

int kernel_signal_descriptor(const int *signals, size_t count, void *before) {
  sigset_t watched, blocked;
  sigemptyset(&watched);
  for (size_t i = 0; i < count; i++) {
    sigaddset(&watched, signals[i]);
  }
  blocked = watched;
  sigaddset(&blocked, SIGPIPE);
  sigaddset(&blocked, SIGXFSZ);
  sigaddset(&blocked, SIGXCPU);
  if (sigprocmask(SIG_BLOCK, &blocked, before) != 0) {
    return -1;
  }
  return signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
}

int kernel_next_signal(int fd, int *signal, int *from_kernel, int *sender) {
  struct signalfd_siginfo info;
  if (read(fd, &info, sizeof info) != (ssize_t)sizeof info) {
    return 0;
  }
  *signal = (int)info.ssi_signo;
  *from_kernel = info.ssi_code == SI_KERNEL;
  *sender = (int)info.ssi_pid;
  return 1;
}

const char *kernel_errno_name(int error) { return strerrorname_np(error); }
