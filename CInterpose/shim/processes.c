/* What /proc tells of a process. */
#include <fcntl.h>

#include "cmdmox_bytes.h"
#include "digits.h"
#include "shim.h"
#include "syscalls.h"

enum { STAT = 512 };

long shim_proc_open(int pid, const char *name, int flags) {
  char path[80] = "/proc/";
  cmdmox_write_decimal(path + 6, (uint64_t)pid);
  cmdmox_copy(path + cmdmox_length(path), name, cmdmox_length(name) + 1);
  return cmdmox_call(openat, AT_FDCWD, path, flags | O_CLOEXEC, 0);
}

/* Where the state stands in /proc/PID/stat, "PID (NAME) S PPID": a name may contain anything. */
static const char *read_state(int pid, char stat[STAT]) {
  long file = shim_proc_open(pid, "/stat", O_RDONLY);
  long length = file < 0 ? 0 : cmdmox_call(read, file, stat, STAT - 1);
  cmdmox_call(close, file);
  stat[length > 0 ? length : 0] = '\0';
  const char *at = cmdmox_last(stat, ')');
  return at != NULL && at[1] == ' ' && at[2] != '\0' && at[3] == ' ' ? at + 2 : NULL;
}

int shim_parent_of(int pid) {
  char stat[STAT];
  const char *at = read_state(pid, stat);
  int parent = 0;
  if (at != NULL) {
    for (at += 2; *at >= '0' && *at <= '9'; at++) {
      parent = parent * 10 + (*at - '0');
    }
  }
  return parent;
}

char shim_state_of(int pid) {
  char stat[STAT];
  const char *at = read_state(pid, stat);
  return at != NULL ? *at : '\0';
}
