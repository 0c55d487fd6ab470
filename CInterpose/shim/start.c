/* The order of things. */
#include <errno.h>
#include <sys/mman.h>

#include "cmdmox_bytes.h"
#include "cmdmox_environment.h"
#include "shim.h"
#include "syscalls.h"

/* The base name by which our library is known in LD_PRELOAD. */
#define LIBRARY "libcmdmox.so"

/* Zeroed by the kernel, and too large for a stack that the child shares. */
static struct shim shim;

/* Takes `CMDMOX_EXECUTE` out of the environment. Its value, or NULL. */
static const char *take_execute(char **environment) {
  for (char **entry = environment; *entry != NULL; entry++) {
    if (cmdmox_environment_names(*entry, CMDMOX_ENV_EXECUTE)) {
      const char *value = *entry + sizeof CMDMOX_ENV_EXECUTE;
      do {
        entry[0] = entry[1];
      } while (*entry++ != NULL);
      return value;
    }
  }
  return NULL;
}

static bool read_command(struct shim_command *command, char **argv, char **environment) {
  command->argv = argv;
  command->environment = environment;
  command->path = take_execute(environment);
  if (command->path == NULL) {
    return false;
  }
  command->session = cmdmox_environment_value(environment, CMDMOX_ENV_SESSION);
  command->parent = cmdmox_environment_value(environment, CMDMOX_ENV_PARENT);
  if (command->parent != NULL &&
      !cmdmox_parent_read(command->parent, &command->image, &command->flags, &command->intent)) {
    command->parent = NULL;
  }
  void *storage = cmdmox_map(cmdmox_environment_strip_size(environment) + sizeof LIBRARY);
  command->stripped =
      storage != NULL ? cmdmox_environment_strip(storage, environment, LIBRARY) : environment;
  return true;
}

/* The environment that the command gets: ours handed down, or as if we were not there. */
static char **choose_environment(struct shim_command *command, uint32_t flags) {
  if ((flags & CMDMOX_DECISION_NESTED) == 0 || command->parent == NULL) {
    return command->stripped;
  }
  unsigned handed = (command->flags & CMDMOX_PARENT_HIDDEN) | CMDMOX_PARENT_CAPTURED;
  cmdmox_parent_write(command->parent, command->intent, handed, command->intent);
  return command->environment;
}

static _Noreturn void run(int argc, char **argv) {
  static const char missing[] =
      "cmdmox: cmdmox-shim is started by libcmdmox.so only: " CMDMOX_ENV_EXECUTE " is not set\n";
  struct shim_command *command = &shim.command;
  if (!read_command(command, argv, argv + argc + 1)) {
    cmdmox_call(write, 2, missing, sizeof missing - 1);
    shim_exit(70);
  }
  if (cmdmox_call(getpid) == 1) {
    /* The first process of a pid namespace has to be the command itself: it reports as in a session
     * that only traces. */
    shim_become(&shim, command->environment);
  }
  shim_raise_limit(&shim);
  bool decided = command->session != NULL && shim_ask(&shim);
  command->environment = choose_environment(command, decided ? shim.decision.flags : 0);
  if (!decided || shim.decision.action != CMDMOX_ACTION_CAPTURE || !shim_hold_signals(&shim) ||
      !shim_classify(&shim) || !shim_spawn(&shim)) {
    shim_become(&shim, command->environment);
  }
  shim_close_others(&shim);
  while (shim.error == 0) {
    if (shim_relay(&shim, true, true) == SHIM_SIGNAL && shim_take_signals(&shim)) {
      break;
    }
  }
  int status = shim_drain(&shim);
  shim_report(&shim);
  shim_leave_behind(&shim);
  shim_end_like(&shim, status);
}

/* The stack as the kernel made it: argc, argv, NULL, environment, NULL. */
__attribute__((used, noreturn)) void cmdmox_shim_start(long *stack) {
  run((int)stack[0], (char **)(stack + 1));
}

__asm__(
    ".text\n"
    ".global _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  mov %rsp, %rdi\n"
    "  and $-16, %rsp\n"
    "  call cmdmox_shim_start\n"
    "  hlt\n");
