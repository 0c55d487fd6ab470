/* Signals: those that a process sent to the stand-in are meant for the command. */
#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>

#include "kernel_signals.h"
#include "shim.h"
#include "syscalls.h"

bool shim_hold_signals(struct shim *shim) {
  uint64_t all = ~UINT64_C(0);
  shim->signals =
      shim_above_standard(cmdmox_call(signalfd4, -1, &all, sizeof all, SFD_NONBLOCK | SFD_CLOEXEC));
  if (shim->signals < 0) {
    return false;
  }
  shim->mask = cmdmox_block_signals();
  /* With SIGCHLD ignored the kernel would reap the command and its status be lost. */
  if (shim_disposition(SIGCHLD) == SIG_IGN) {
    shim->child_signals_ignored = true;
    shim_set_disposition(SIGCHLD, SIG_DFL);
  }
  return true;
}

/* The kernel sends a terminal's signals to the whole process group: the command has them already.
 * An alarm that was set before the exec is ours alone, and so is the hang-up of a session whose
 * leader we are. */
static bool is_to_be_passed_on(const struct signalfd_siginfo *info, const struct shim *shim) {
  if (info->ssi_code == SI_KERNEL) {
    return info->ssi_signo == SIGALRM ||
           (info->ssi_signo == SIGHUP && cmdmox_call(getsid, 0) == shim->pid);
  }
  /* What we raised ourselves: SIGPIPE, SIGXFSZ, a stop and its end. */
  int sender = (int)info->ssi_pid;
  return sender != shim->pid && (sender != shim->watcher || info->ssi_signo != SIGCONT);
}

static void pass_on(int receiver, const struct signalfd_siginfo *info) {
  int signal = (int)info->ssi_signo;
  if (info->ssi_code == SI_QUEUE) { /* sigqueue(3): with its value */
    siginfo_t queued = {.si_signo = signal, .si_code = SI_QUEUE};
    queued.si_pid = (pid_t)info->ssi_pid;
    queued.si_uid = info->ssi_uid;
    queued.si_value.sival_ptr = (void *)info->ssi_ptr;
    if (cmdmox_call(rt_sigqueueinfo, receiver, signal, &queued) == 0) {
      return;
    }
  }
  cmdmox_call(kill, receiver, signal);
}

enum reaped { REAPED_NOTHING, REAPED_STOP, REAPED_END };

static enum reaped reap(struct shim *shim) {
  int status;
  long pid = cmdmox_call(wait4, shim->child, &status, WNOHANG | WUNTRACED, &shim->usage);
  if (pid != shim->child) {
    return REAPED_NOTHING;
  }
  if (!WIFSTOPPED(status)) {
    shim->status = status;
    shim->ended = cmdmox_clock(CLOCK_MONOTONIC);
    return REAPED_END;
  }
  shim_settle(shim);
  shim_stop_with_command(shim, WSTOPSIG(status));
  shim_terminal_resize(shim);
  return REAPED_STOP;
}

static bool next_signal(struct shim *shim, struct signalfd_siginfo *info) {
  long got;
  do {
    got = cmdmox_call(read, shim->signals, info, sizeof *info);
  } while (got == -EINTR);
  return got == (long)sizeof *info;
}

/* Passes on what has come. True if the command has changed its state. */
static bool pass_on_all(struct shim *shim) {
  struct signalfd_siginfo info;
  bool changed = false;
  while (next_signal(shim, &info)) {
    if (info.ssi_signo == SIGCHLD && info.ssi_code > 0) {
      changed = true;
    } else if (info.ssi_signo == SIGWINCH && info.ssi_code == SI_KERNEL) {
      shim_terminal_resize(shim);
    } else if (is_to_be_passed_on(&info, shim)) {
      int receiver = shim_receiver(shim, (int)info.ssi_pid, (int)info.ssi_signo);
      if (receiver != 0) {
        pass_on(receiver, &info);
      }
    }
  }
  shim->watcher = 0;
  return changed;
}

bool shim_take_signals(struct shim *shim) {
  bool changed = pass_on_all(shim);
  enum reaped reaped = changed ? reap(shim) : REAPED_NOTHING;
  while (reaped == REAPED_STOP) {
    /* What has continued us is passed on before another stop is followed: to stop ourselves would
     * take it away. */
    pass_on_all(shim);
    reaped = reap(shim);
  }
  return reaped == REAPED_END;
}

int shim_take_fatal(struct shim *shim) {
  struct signalfd_siginfo info;
  while (next_signal(shim, &info)) {
    switch (info.ssi_signo) {
      case SIGHUP:
      case SIGINT:
      case SIGQUIT:
      case SIGTERM:
      case SIGALRM:
      case SIGUSR1:
      case SIGUSR2:
        if (shim_disposition((int)info.ssi_signo) != SIG_IGN) {
          return (int)info.ssi_signo;
        }
        break;
      case SIGTSTP: shim_stop(shim->pid, SIGTSTP); break;
      default: break;
    }
  }
  return 0;
}

_Noreturn void shim_end_like(struct shim *shim, int status) {
  if (shim->error != 0) {
    shim_exit(shim_exec_failure(shim->error));
  }
  if (WIFEXITED(status)) {
    shim_exit(WEXITSTATUS(status));
  }
  int signal = WTERMSIG(status);
  /* No second core file: a limit is not looked at where cores go to a program. */
  struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
  cmdmox_call(prlimit64, 0, RLIMIT_CORE, &none, NULL);
  cmdmox_call(prctl, PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (signal != SIGKILL) {
    shim_set_disposition(signal, SIG_DFL);
  }
  cmdmox_call(kill, shim->pid, signal);
  cmdmox_restore_signals(~shim_signal_bit(signal));
  shim_exit(128 + signal);
}
