/* The hooks of posix_spawn(3) and pidfd_spawn(3). Each returns the error number, as posix_spawn
 * does.
 *
 * The latter, new in glibc 2.39, give a descriptor instead of the pid. They are hooked only where
 * libc has them: a program that looks for them must not find ours alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "cmdmox_bytes.h"
#include "events.h"
#include "handing.h"
#include "hooks.h"
#include "image.h"
#include "narrow.h"
#include "next.h"
#include "report.h"
#include "syscalls.h"

/* posix_spawn and posix_spawnp have one type. */
typedef __typeof__(&posix_spawn) spawn_function;

/* One call, with the environment left open. */
struct spawn_call {
  spawn_function next;
  pid_t child; /* its pid, or a descriptor of it */
  const char *path;
  const posix_spawn_file_actions_t *actions;
  const posix_spawnattr_t *attributes;
  char *const *argv;
};

static int call_spawn(struct spawn_call *call, char *const *envp) {
  return call->next(&call->child, call->path, call->actions, call->attributes, call->argv, envp);
}

/* Hands the environment down. What is put on the stack here is gone before anything is reported.
 * Our variables must not be what makes the arguments too long. */
static __attribute__((noinline)) int hand_down(struct spawn_call *call, char *const *envp,
                                               uint64_t intent, const char *library) {
  struct cmdmox_handing handing;
  void *storage[cmdmox_handing_words(envp, library)];
  cmdmox_hand_down(&handing, envp, library, storage, sizeof storage / sizeof *storage);
  cmdmox_hand_intent(&handing, intent, 0);
  int error = call_spawn(call, handing.environment);
  if (error == E2BIG && handing.changed) {
    error = call_spawn(call, envp);
  }
  cmdmox_handing_free(&handing);
  return error;
}

/* Spawns the stand-in for a command. ENOEXEC: it is not captured; the call is made as it is. */
static __attribute__((noinline)) int spawn_captured(struct spawn_call call, uint32_t flags,
                                                    uint64_t intent, char *const *envp,
                                                    pid_t *child) {
  char found[PATH_MAX];
  if (!cmdmox_is_readable(AT_FDCWD, call.path)) {
    return ENOEXEC;
  }
  if ((flags & CMDMOX_INTENT_SEARCH) != 0 &&
      call.path[cmdmox_length_until(call.path, "/")] != '/') {
    if (!cmdmox_capture_search(found, sizeof found, call.path)) {
      return ENOEXEC;
    }
    call.path = found;
  }
  /* A file action may change the directory before a relative path is looked up. */
  bool is_known = call.path[0] == '/' || call.actions == NULL;
  if (!is_known || cmdmox_hands_elsewhere(envp) || !cmdmox_would_run(call.path)) {
    return ENOEXEC;
  }
  size_t words = cmdmox_capture_words(envp, call.path);
  void *storage[words];
  char **environment = cmdmox_capture_environment(storage, words, envp, call.path, intent, 0);
  if (environment == NULL) {
    return ENOMEM;
  }
  char shim[CMDMOX_SESSION_FILE_MAX];
  cmdmox_capture_shim(shim);
  const char *command = call.argv != NULL && call.argv[0] != NULL ? call.argv[0] : call.path;
  call.path = shim;
  int error = call_spawn(&call, environment);
  if (error != 0 && cmdmox_image.replays) {
    cmdmox_capture_complain(command, envp);
  }
  *child = call.child;
  return error;
}

static __attribute__((noinline)) const char *library_for_searched(const char *name) {
  char found[PATH_MAX];
  return cmdmox_library_for(AT_FDCWD,
                            cmdmox_capture_search(found, sizeof found, name) ? found : NULL);
}

/* The library's path for what this call starts. A file action may change the directory before a
 * relative path is looked up. */
static const char *library_for(const struct spawn_call *call, uint32_t flags) {
  const char *path = call->path;
  if (!cmdmox_has_narrow() || !cmdmox_speaks() || !cmdmox_is_readable(AT_FDCWD, path)) {
    return cmdmox_image.library;
  }
  if ((flags & CMDMOX_INTENT_SEARCH) != 0 && path[cmdmox_length_until(path, "/")] != '/') {
    return library_for_searched(path);
  }
  bool is_known = path[0] == '/' || call->actions == NULL;
  return cmdmox_library_for(AT_FDCWD, is_known ? path : NULL);
}

/* The process behind a pidfd; 0: the kernel does not tell (PIDFD_GET_INFO is new in Linux 6.13).
 * The child's start then says which it is. */
static pid_t process_of(int pidfd) {
  struct { /* the first version of struct pidfd_info in <linux/pidfd.h> */
    uint64_t mask, cgroup;
    uint32_t pid, others[11];
  } info = {.mask = 1}; /* PIDFD_INFO_PID */
  _Static_assert(sizeof info == 64, "the kernel's size of the first version");
  return cmdmox_call(ioctl, pidfd, _IOC(_IOC_READ | _IOC_WRITE, 0xff, 11, sizeof info), &info) == 0
             ? (pid_t)info.pid
             : 0;
}

/* What `given` receives is a pid, or a descriptor with `is_descriptor`. */
static int spawn(struct spawn_call *call, uint32_t flags, int *given, bool is_descriptor,
                 char *const *envp) {
  if (call->next == NULL) {
    return ENOSYS;
  }
  bool speaks = cmdmox_speaks();
  uint64_t begin = speaks ? cmdmox_clock(CLOCK_MONOTONIC) : 0;
  uint64_t intent = speaks ? cmdmox_id_at(begin, (uint64_t)cmdmox_call(gettid)) : 0;
  int error = ENOEXEC;
  if (cmdmox_captures_spawn()) {
    error = spawn_captured(*call, flags, intent, envp, &call->child);
  }
  /* In a replay what has no stand-in must not run. */
  if (error != 0 && (error == ENOEXEC || !cmdmox_image.replays)) {
    error = hand_down(call, envp, intent, library_for(call, flags));
  }
  if (error == 0 && given != NULL) {
    *given = call->child;
  }
  if (speaks) {
    struct cmdmox_target target = {.path = call->path, .argv = call->argv, .flags = flags};
    if (error == 0) {
      target.flags |= cmdmox_hands_elsewhere(envp) ? CMDMOX_INTENT_ELSEWHERE : 0;
      pid_t child = is_descriptor ? process_of(call->child) : call->child;
      cmdmox_announce_intent(intent, &target, child, begin);
    } else {
      cmdmox_announce_failure(intent, &target, error);
    }
  }
  return error;
}

#define DEFINE_SPAWN_HOOK(function, flags, is_descriptor)                            \
  CMDMOX_HOOK int function(                                                          \
      int *given, const char *path, const posix_spawn_file_actions_t *actions,       \
      const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]) { \
    struct spawn_call call = {.next = CMDMOX_NEXT(function),                         \
                              .path = path,                                          \
                              .actions = actions,                                    \
                              .attributes = attributes,                              \
                              .argv = argv};                                         \
    return spawn(&call, CMDMOX_INTENT_SPAWN | (flags), given, is_descriptor, envp);  \
  }

DEFINE_SPAWN_HOOK(posix_spawn, 0, false)
DEFINE_SPAWN_HOOK(posix_spawnp, CMDMOX_INTENT_SEARCH, false)

#ifdef CMDMOX_HAS_PIDFD_SPAWN
/* An older <spawn.h> does not declare them. */
extern __typeof__(posix_spawn) pidfd_spawn, pidfd_spawnp;
DEFINE_SPAWN_HOOK(pidfd_spawn, 0, true)
DEFINE_SPAWN_HOOK(pidfd_spawnp, CMDMOX_INTENT_SEARCH, true)
#endif
