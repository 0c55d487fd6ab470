/* What the library knows of the program image that it lives in.
 *
 * The constructor fills it once, before main; afterwards only `silent` changes. Before that, and
 * in a program outside any session, everything is zero: every hook then does only the real call.
 */
#ifndef CMDMOX_IMAGE_H
#define CMDMOX_IMAGE_H

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "cmdmox_environment.h"
#include "cmdmox_wire.h"
#include "syscalls.h"

#define CMDMOX_LIBRARY_NAME "libcmdmox.so"

enum { CMDMOX_SESSION_MAX = 512 }; /* a longer session directory is refused */

/* Who has confined itself: no system call of ours any more. */
enum cmdmox_silence { CMDMOX_SPEAKING, CMDMOX_SILENT, CMDMOX_SILENT_CHILD };

struct cmdmox_image {
  uint64_t id;         /* this image's id; 0: it reports nothing */
  uint64_t seed;       /* what ids are made of */
  uint32_t pid;        /* of the process that ran the constructor: a forked child has another */
  unsigned role;       /* CMDMOX_PARENT_ROOT: its exit waits for the fixture; or _CAPTURED; or 0 */
  atomic_uint silent;  /* enum cmdmox_silence */
  bool captures;       /* what it runs is captured or answered: by a stand-in */
  bool replays;        /* answered: what no stand-in runs for does not run */
  bool command_shell;  /* a root that captures, and is a shell with `-c` */
  bool constructed;    /* the constructor has run */
  atomic_bool early;   /* a hook had to hand something down before that */
  char *parent;        /* the value of CMDMOX_PARENT in the environment block, or NULL */
  const char *library; /* its absolute path */
  char session[sizeof CMDMOX_ENV_SESSION + CMDMOX_SESSION_MAX]; /* "CMDMOX_SESSION=<directory>" */
};

extern struct cmdmox_image cmdmox_image;

/* True if this image reports. MT-safe, AS-safe, keeps errno, no system call. */
static inline bool cmdmox_speaks(void) {
  return cmdmox_image.id != 0 &&
         atomic_load_explicit(&cmdmox_image.silent, memory_order_relaxed) == CMDMOX_SPEAKING;
}

/* True in a constructor of another library, before ours has run. */
static inline bool cmdmox_is_early(void) { return !cmdmox_image.constructed; }

/* True if this image has confined itself. MT-safe, AS-safe, keeps errno, no system call. */
static inline bool cmdmox_is_silent(void) {
  return atomic_load_explicit(&cmdmox_image.silent, memory_order_relaxed) != CMDMOX_SPEAKING;
}

/* True if a caller's path can be read: the program may have handed in what is no string. One system
 * call. */
static inline bool cmdmox_is_readable(int directory, const char *path) {
  return cmdmox_call(faccessat, directory, path, F_OK) != -EFAULT;
}

/* True in a forked child that has not executed anything. One system call. */
static inline bool cmdmox_is_forked(void) {
  return (uint32_t)cmdmox_call(getpid) != cmdmox_image.pid;
}

/* True if what this process executes goes on being the root, or the captured command, that this
 * image is. One system call at most. */
static inline bool cmdmox_goes_on(void) { return cmdmox_image.role != 0 && !cmdmox_is_forked(); }

static inline const char *cmdmox_session_directory(void) {
  return cmdmox_image.session + sizeof CMDMOX_ENV_SESSION;
}

static inline struct cmdmox_variables cmdmox_variables(void) {
  return (struct cmdmox_variables){.library = cmdmox_image.library,
                                   .session = cmdmox_image.session};
}

/* A new id: never 0, unique in the session. MT-safe, AS-safe, keeps errno; writes no memory, since
 * a vfork child shares it with its parent. */
uint64_t cmdmox_new_id(void);

/* The same of a stamp (CLOCK_MONOTONIC) that was taken just now, for no other id of this thread,
 * which `thread` tells from others of all processes that have this image's seed. */
uint64_t cmdmox_id_at(uint64_t stamp, uint64_t thread);

#endif
