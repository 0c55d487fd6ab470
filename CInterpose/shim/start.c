/* The order of things. */
#include <elf.h>
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

/* What the kernel says it was asked to execute: AT_EXECFN of the auxiliary vector, which follows
 * the environment. */
static const char *find_asked(char **environment) {
  while (*environment != NULL) {
    environment++;
  }
  const unsigned long *entry = (const unsigned long *)(environment + 1);
  for (; entry[0] != AT_NULL; entry += 2) {
    if (entry[0] == AT_EXECFN) {
      return (const char *)entry[1];
    }
  }
  return NULL;
}

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
  const char *asked = find_asked(environment);
  command->session = cmdmox_environment_value(environment, CMDMOX_ENV_SESSION);
  command->path = take_execute(environment);
  const char *base = command->session != NULL ? cmdmox_last(command->session, '/') : NULL;
  command->replays = base != NULL && cmdmox_same(base + 1, CMDMOX_REPLAY_DIRECTORY);
  if (command->path == NULL && command->replays) {
    command->path = asked; /* a link in the session's directory, which nothing has hooked */
  }
  if (command->path == NULL) {
    return false;
  }
  command->parent = cmdmox_environment_value(environment, CMDMOX_ENV_PARENT);
  if (command->parent != NULL && !cmdmox_parent_read(command->parent, &command->handed)) {
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
    command->parent = NULL;
    return command->stripped;
  }
  command->handed.image = command->handed.intent;
  command->handed.flags &= CMDMOX_PARENT_HIDDEN;
  command->handed.flags |= CMDMOX_PARENT_CAPTURED;
  return command->environment;
}

/* The command does not run: as a shell says it of one that is not there. */
static _Noreturn void refuse(const char *why) {
  const char *name = shim.command.argv[0] != NULL ? shim.command.argv[0] : shim.command.path;
  const char *parts[] = {"cmdmox: ", name, why};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    cmdmox_call(write, 2, parts[i], cmdmox_length(parts[i]));
  }
  shim_exit(shim_exec_failure(ENOENT));
}

/* It was found where only commands are that have no other place here. */
static bool is_link(const struct shim_command *command) {
  return cmdmox_equal(command->path, command->session, cmdmox_length(command->session));
}

static _Noreturn void run(int argc, char **argv) {
  static const char missing[] =
      "cmdmox: cmdmox-shim is started by libcmdmox.so only: " CMDMOX_ENV_EXECUTE " is not set\n";
  struct shim_command *command = &shim.command;
  if (!read_command(command, argv, argv + argc + 1)) {
    cmdmox_call(write, 2, missing, sizeof missing - 1);
    shim_exit(70);
  }
  if (cmdmox_call(getpid) == 1 && !command->replays) {
    /* The first process of a pid namespace has to be the command itself: it reports as in a session
     * that only traces. */
    command->parent = NULL; /* as it is */
    shim_become(&shim);
  }
  shim_raise_limit(&shim);
  enum shim_verdict verdict = command->session != NULL ? shim_ask(&shim) : SHIM_NOTHING_DECIDED;
  if (verdict == SHIM_ANSWERED) {
    shim_reply(&shim);
  }
  bool decided = verdict == SHIM_DECIDED;
  if (command->replays && !decided) {
    refuse(": the replay has ended; nothing answers this command any more\n");
  }
  if (command->replays && is_link(command)) {
    refuse(": not installed here, and it would have to run\n");
  }
  if (shim.taken > 0) {
    refuse(": it would have to run, and its input was read to look for its recording\n");
  }
  command->environment = choose_environment(command, decided ? shim.decision.flags : 0);
  bool runs_in_place = decided && shim.decision.action != CMDMOX_ACTION_CAPTURE;
  if (runs_in_place || !decided || !shim_hold_signals(&shim) || !shim_classify(&shim) ||
      !shim_spawn(&shim)) {
    if (!runs_in_place) {
      shim_count_loss(command);
    }
    shim_become(&shim);
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
