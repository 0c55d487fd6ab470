/* A command that stops: its stand-in stops too, so that the caller sees it, and goes on with it.
 *
 * Who knows the stand-in continues that, and the signal is passed on. Who knows the command alone,
 * by the number in its pid file, continues or kills that: a stopped stand-in would not see it, and
 * its caller wait for ever. So a process of our own looks at both while we are stopped. */
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "kernel_signals.h"
#include "shim.h"
#include "syscalls.h"

enum {
  LEAST = 5 * 1000 * 1000, /* nanoseconds between two looks, at first */
  MOST = 100 * 1000 * 1000,
};

static bool is_stopped(int pid) {
  char state = shim_state_of(pid);
  return state == 'T' || state == 't';
}

/* The process that looks: it shares our memory. Without a readable /proc it sees the command's end
 * only. */
static void be_watcher(void *argument) {
  const struct shim *shim = argument;
  cmdmox_call(prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  struct timespec pause = {.tv_nsec = LEAST};
  struct pollfd end = {.fd = (int)cmdmox_call(pidfd_open, shim->child, 0), .events = POLLIN};
  bool is_over = false;
  while (cmdmox_call(getppid) == shim->pid) {
    /* Again and again: continued before it has stopped, the stand-in would stop for good. */
    if (is_over || (is_stopped(shim->pid) && !is_stopped(shim->child))) {
      cmdmox_call(kill, shim->pid, SIGCONT);
    }
    struct timespec limit = pause; /* the kernel writes what is left */
    if (cmdmox_call(ppoll, &end, 1, &limit, NULL, 0) > 0) {
      is_over = true;
      end.fd = -1;
    }
    pause.tv_nsec = pause.tv_nsec * 2 < MOST ? pause.tv_nsec * 2 : MOST;
  }
  shim_exit(0);
}

void shim_stop(int pid, int signal) {
  if (signal != SIGSTOP) {
    shim_set_disposition(signal, SIG_DFL);
  }
  uint64_t bit = shim_signal_bit(signal);
  cmdmox_call(kill, pid, signal);
  cmdmox_call(rt_sigprocmask, SIG_UNBLOCK, &bit, NULL, sizeof bit);
  cmdmox_call(rt_sigprocmask, SIG_BLOCK, &bit, NULL, sizeof bit);
}

void shim_stop_with_command(struct shim *shim, int signal) {
  static char stack[8 << 10] __attribute__((aligned(16)));
  /* No signal at its end: SIGCHLD is the command's. */
  long watcher = shim_clone(CLONE_VM, stack + sizeof stack, be_watcher, shim);
  shim->watcher = watcher > 0 ? (int)watcher : 0;
  shim_stop(shim->pid, signal);
  if (watcher > 0) {
    cmdmox_call(kill, watcher, SIGKILL);
    cmdmox_call(wait4, watcher, NULL, __WALL, NULL);
  }
}
