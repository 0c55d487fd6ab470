/* The hooks of posix_spawn(3). Each returns the error number, as posix_spawn does. */
#include <errno.h>
#include <spawn.h>
#include <time.h>

#include "events.h"
#include "handing.h"
#include "hooks.h"
#include "image.h"
#include "next.h"
#include "syscalls.h"

/* posix_spawn and posix_spawnp have one type. */
typedef __typeof__(&posix_spawn) spawn_function;

static int spawn(spawn_function next, uint32_t flags, pid_t *pid, const char *path,
                 const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
                 char *const *argv, char *const *envp) {
  if (next == NULL) {
    return ENOSYS;
  }
  struct cmdmox_handing handing;
  cmdmox_hand_down(&handing, envp);
  uint64_t begin = 0, intent = 0;
  pid_t child = 0;
  if (cmdmox_speaks()) {
    begin = cmdmox_clock(CLOCK_MONOTONIC);
    intent = cmdmox_new_id();
    cmdmox_hand_intent(&handing, intent, false);
  }
  int error = next(&child, path, actions, attributes, argv, handing.environment);
  if (error == E2BIG && handing.changed) {
    error = next(&child, path, actions, attributes, argv, envp);
  }
  cmdmox_handing_free(&handing);
  if (error == 0 && pid != NULL) {
    *pid = child;
  }
  if (cmdmox_speaks()) {
    struct cmdmox_target target = {.path = path, .argv = argv, .flags = flags};
    if (error == 0) {
      target.flags |= handing.elsewhere ? CMDMOX_INTENT_ELSEWHERE : 0;
      cmdmox_announce_intent(intent, &target, child, begin);
    } else {
      cmdmox_announce_failure(0, &target, error);
    }
  }
  return error;
}

CMDMOX_HOOK int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                            const posix_spawnattr_t *attributes, char *const argv[],
                            char *const envp[]) {
  return spawn(CMDMOX_NEXT(posix_spawn), CMDMOX_INTENT_SPAWN, pid, path, actions, attributes, argv,
               envp);
}

CMDMOX_HOOK int posix_spawnp(pid_t *pid, const char *file,
                             const posix_spawn_file_actions_t *actions,
                             const posix_spawnattr_t *attributes, char *const argv[],
                             char *const envp[]) {
  return spawn(CMDMOX_NEXT(posix_spawnp), CMDMOX_INTENT_SPAWN | CMDMOX_INTENT_SEARCH, pid, file,
               actions, attributes, argv, envp);
}
