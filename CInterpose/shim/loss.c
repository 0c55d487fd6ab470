/* Counting a loss without a reader. */
#include <fcntl.h>
#include <limits.h>
#include <time.h>

#include "digits.h"
#include "shim.h"
#include "syscalls.h"

static bool append_byte(const char *path) {
  long file = cmdmox_call(openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) {
    return false;
  }
  uint64_t mask = cmdmox_block_signals();
  long written = cmdmox_write_blocked((int)file, "", 1);
  cmdmox_restore_signals(mask);
  cmdmox_call(close, file);
  return written == 1;
}

void shim_count_loss(const struct shim_command *command) {
  static char path[PATH_MAX + 32];
  if (!shim_session_file(path, sizeof path, command, CMDMOX_FILE_LOST) || append_byte(path)) {
    return;
  }
  /* No descriptor, or no room: a link needs neither. */
  char name[] = CMDMOX_FILE_LOST "-................";
  cmdmox_write_hex(name + sizeof CMDMOX_FILE_LOST,
                   cmdmox_clock(CLOCK_MONOTONIC) ^ (uint64_t)cmdmox_call(getpid) << 40);
  shim_session_file(path, sizeof path, command, name);
  cmdmox_call(symlinkat, "lost", AT_FDCWD, path);
}
