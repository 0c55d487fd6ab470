/* What the kernel tells of an exec, and the answer; seccomp_unotify(2). */
#ifndef EXEC_WATCH_LISTENER_H
#define EXEC_WATCH_LISTENER_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>

#include "cmdmox_deep.h"

struct listener {
  int descriptor;
  struct cmdmox_deep_page *page;
  size_t size; /* of the kernel's notification, which may be longer than the header says */
  struct seccomp_notif *notification;
};

bool listener_open(struct listener *listener, int descriptor, int page);
/* Leaves the descriptor open. */
void listener_close(struct listener *listener);

/* Takes what the kernel has, into `notification`. False: it has nothing. */
bool listener_take(struct listener *listener);

/* Whether the process still waits: what was read of it is then its own. */
bool listener_is_valid(const struct listener *listener);

/* Lets the exec pass. */
void listener_answer(struct listener *listener);

#endif
