#include "complain.h"

#include "cmdmox_bytes.h"
#include "cmdmox_environment.h"
#include "syscalls.h"

void cmdmox_complain(char *const *envp, const char *what, const char *which,
                     const char *consequence) {
  const char *quiet = cmdmox_environment_value(envp, "CMDMOX_QUIET");
  if (quiet != NULL && *quiet != '\0') {
    return;
  }
  const char *parts[] = {"cmdmox: ", what, which, consequence, "\n"};
  uint64_t signals = cmdmox_block_signals();
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    cmdmox_write_blocked(2, parts[i], cmdmox_length(parts[i]));
  }
  cmdmox_restore_signals(signals);
}
