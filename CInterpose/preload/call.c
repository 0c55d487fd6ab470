/* The hooks of system(3), popen(3), pclose(3), wordexp(3): libc spawns inside them without a hook.
 *
 * Their children inherit the environment and report by themselves. What is left to do: where the
 * program has cleaned its environment, or is confined, the right one is put in place for the time
 * of the call; and the status that system and pclose give is reported, with the command by which
 * the recorder finds the child, since its pid is not known here.
 *
 * Known limit: while another environment is in place, a setenv of another thread is lost. With an
 * inherited environment nothing is put in place.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <wordexp.h>

#include "events.h"
#include "handing.h"
#include "hooks.h"
#include "image.h"
#include "next.h"
#include "syscalls.h"

/* True if libc would hand down something else than it has to. */
static bool needs_another_environment(void) {
  if (!cmdmox_speaks()) {
    return cmdmox_is_silent() || cmdmox_is_early();
  }
  return cmdmox_environment_value(environ, CMDMOX_ENV_PARENT) == NULL ||
         cmdmox_environment_value(environ, CMDMOX_ENV_SESSION) == NULL ||
         cmdmox_environment_value(environ, "LD_PRELOAD") == NULL;
}

/* The program's environment, while another one is in place. */
struct replaced {
  char **own;   /* may be NULL: clearenv(3) */
  char **other; /* NULL: nothing was replaced */
};

/* The other one stays mapped for good: another thread may be reading it, and a cancelled call
 * leaves it in place. So a program of this kind grows by a few KiB with each such call. */
static struct replaced replace_environment(void) {
  struct replaced replaced = {NULL, NULL};
  if (needs_another_environment()) {
    struct cmdmox_handing handing;
    cmdmox_hand_down(&handing, environ, cmdmox_image.library, NULL, 0);
    cmdmox_hand_intent(&handing, 0, 0);
    if (handing.changed) {
      replaced = (struct replaced){.own = environ, .other = handing.environment};
      environ = replaced.other;
    }
  }
  return replaced;
}

static void restore_environment(struct replaced replaced) {
  if (replaced.other != NULL && environ == replaced.other) {
    environ = replaced.own;
  }
}

CMDMOX_HOOK int system(const char *command) {
  __typeof__(&system) next = CMDMOX_NEXT(system);
  if (next == NULL) {
    errno = ENOSYS;
    return -1;
  }
  if (command == NULL) {
    return next(NULL);
  }
  uint64_t begin = cmdmox_speaks() ? cmdmox_clock(CLOCK_MONOTONIC) : 0;
  struct replaced replaced = replace_environment();
  int status = next(command);
  int error = errno;
  restore_environment(replaced);
  if (status != -1 && cmdmox_speaks()) {
    cmdmox_announce_call(cmdmox_new_id(), begin, command, &status);
  }
  errno = error;
  return status;
}

/* Which popen a stream is of. A program with more open than this loses the status only. */
enum { STREAMS = 64 };
static struct {
  _Atomic(FILE *) stream;
  _Atomic uint64_t call;
} streams[STREAMS];

static void remember(FILE *stream, uint64_t call) {
  for (int i = 0; i < STREAMS; i++) {
    FILE *empty = NULL;
    if (atomic_compare_exchange_strong(&streams[i].stream, &empty, stream)) {
      atomic_store(&streams[i].call, call);
      return;
    }
  }
}

/* The call, or 0. */
static uint64_t forget(FILE *stream) {
  for (int i = 0; i < STREAMS; i++) {
    if (atomic_load(&streams[i].stream) == stream) {
      uint64_t call = atomic_load(&streams[i].call);
      atomic_store(&streams[i].stream, NULL);
      return call;
    }
  }
  return 0;
}

CMDMOX_HOOK FILE *popen(const char *command, const char *mode) {
  __typeof__(&popen) next = CMDMOX_NEXT(popen);
  if (next == NULL) {
    errno = ENOSYS;
    return NULL;
  }
  uint64_t begin = cmdmox_speaks() ? cmdmox_clock(CLOCK_MONOTONIC) : 0;
  struct replaced replaced = replace_environment();
  FILE *stream = next(command, mode);
  restore_environment(replaced);
  if (stream != NULL && cmdmox_speaks()) {
    uint64_t call = cmdmox_new_id();
    remember(stream, call);
    cmdmox_announce_call(call, begin, command, NULL);
  }
  return stream;
}

CMDMOX_HOOK int pclose(FILE *stream) {
  __typeof__(&pclose) next = CMDMOX_NEXT(pclose);
  if (next == NULL) {
    errno = ENOSYS;
    return -1;
  }
  uint64_t call = forget(stream);
  int status = next(stream);
  if (call != 0 && status != -1 && cmdmox_speaks()) {
    cmdmox_announce_call(call, 0, NULL, &status);
  }
  return status;
}

CMDMOX_HOOK int wordexp(const char *restrict words, wordexp_t *restrict result, int flags) {
  __typeof__(&wordexp) next = CMDMOX_NEXT(wordexp);
  if (next == NULL) {
    return WRDE_NOSPACE;
  }
  struct replaced replaced = replace_environment();
  int error = next(words, result, flags);
  restore_environment(replaced);
  return error;
}
