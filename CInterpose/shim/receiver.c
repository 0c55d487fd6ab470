/* Whom a signal is meant for that a process sent to the stand-in. */
#include <fcntl.h>
#include <signal.h>

#include "cmdmox_bytes.h"
#include "kernel_signals.h"
#include "shim.h"
#include "syscalls.h"

enum { GENERATIONS = 64, STATUS = 4096 };

/* The command itself, or something that it has started. */
static bool is_below(const struct shim *shim, int pid) {
  for (int i = 0; i < GENERATIONS && pid > 1 && pid != shim->pid; i++) {
    if (pid == shim->child) {
      return true;
    }
    pid = shim_parent_of(pid);
  }
  return false;
}

/* The hexadecimal value of a line of /proc/PID/status. */
static uint64_t line_value(const char *status, const char *name) {
  size_t length = cmdmox_length(name);
  uint64_t value = 0;
  for (; *status != '\0'; status += cmdmox_length_until(status, "\n"), status += *status != '\0') {
    if (cmdmox_equal(status, name, length)) {
      status += length;
      for (; *status != '\n' && *status != '\0'; status++) {
        char digit = *status;
        if ((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f')) {
          value = value << 4 | (uint64_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
        }
      }
      return value;
    }
  }
  return 0;
}

/* True if the command would not be there any more, had it got the signal as well. */
static bool would_be_gone(int child, int signal) {
  static char status[STATUS];
  long file = shim_proc_open(child, "/status", O_RDONLY);
  long length = file < 0 ? 0 : cmdmox_call(read, file, status, sizeof status - 1);
  cmdmox_call(close, file);
  if (length <= 0) {
    return false;
  }
  status[length] = '\0';
  uint64_t survived = line_value(status, "SigIgn:") | line_value(status, "SigCgt:");
  uint64_t has_come = line_value(status, "SigPnd:") | line_value(status, "ShdPnd:");
  return (survived & shim_signal_bit(signal)) == 0 && has_come == 0;
}

int shim_receiver(const struct shim *shim, int sender, int signal) {
  if (!is_below(shim, sender)) {
    return shim->child;
  }
  /* What the command sends to its parent means ours. If it was sent to the whole process group,
   * our parent has got it already, and so has the command. */
  int parent = (int)cmdmox_call(getppid);
  bool same_group = cmdmox_call(getpgid, parent) == cmdmox_call(getpgid, 0);
  return !same_group || would_be_gone(shim->child, signal) ? parent : 0;
}
