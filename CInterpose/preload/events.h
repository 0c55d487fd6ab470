/* The events that hooks announce. Each is sent at once, or counted as lost.
 * Every function is MT-safe, AS-safe, keeps errno. Call them only if cmdmox_speaks(). */
#ifndef CMDMOX_EVENTS_H
#define CMDMOX_EVENTS_H

#include <stdint.h>
#include <sys/types.h>

/* What a caller wants to be executed. */
struct cmdmox_target {
  const char *path;
  char *const *argv; /* NULL is an empty array */
  uint32_t flags;    /* enum cmdmox_intent_flag */
};

/* `pid` is about to execute the target, or was spawned with it at `stamp` (0: now). */
void cmdmox_announce_intent(uint64_t intent, const struct cmdmox_target *target, pid_t pid,
                            uint64_t stamp);

/* The target could not be executed. `intent` is 0 where none was announced. */
void cmdmox_announce_failure(uint64_t intent, const struct cmdmox_target *target, int error);

/* The image leaves with this code. */
void cmdmox_announce_exit(int code);

/* A child was reaped; `status` as wait(2) gives it. Stopped and continued children are left out. */
void cmdmox_announce_wait(pid_t child, int status);

/* system, popen or pclose. `command` may be NULL, `status` may be NULL. */
void cmdmox_announce_call(uint64_t call, uint64_t begin, const char *command, const int *status);

/* The image is about to confine itself (enum cmdmox_confinement), or failed to. */
void cmdmox_announce_confinement(uint32_t reason, int failed);

#endif
