/* Who is about to execute something. */
#ifndef EXEC_WATCH_CALLER_H
#define EXEC_WATCH_CALLER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "memory.h"

/* What the watcher knows of itself and of the processes that it has seen. */
struct family {
  uint64_t pid_namespace, mount_namespace, user_namespace; /* our own: inodes */
  struct stat root;                                        /* our own */
  uint32_t euid;
  uint8_t *executed; /* a bit for each pid that has executed something */
};

bool family_open(struct family *family, uint32_t root);
void family_close(struct family *family);
/* From now on this process is an ancestor for others. */
void family_add(struct family *family, uint32_t pid);

struct caller {
  pid_t thread;
  int folder;  /* /proc/THREAD, of this very thread */
  int process; /* a pidfd, or -1 */
  uint32_t pid, ppid, ancestor, self;
  uint64_t namespace; /* 0: ours */
  uint64_t image; /* shared by the processes that were forked from one program image; 0: unknown */
  bool is_elsewhere;  /* it has another root, or other mounts */
  bool is_other_user; /* its rights may be others than ours */
  char cwd[PATH_MAX];
};

/* Finds out who the notification is from. False: it is gone. */
bool caller_identify(struct caller *caller, const struct family *family, struct memory *memory,
                     pid_t thread);
void caller_release(struct caller *caller);

/* Where one of its descriptors points. */
void caller_descriptor_path(const struct caller *caller, int descriptor, char path[PATH_MAX]);

#endif
