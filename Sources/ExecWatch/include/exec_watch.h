/* The watcher of a deep trace: sees every exec of a family of processes that has a seccomp filter
 * with user notification on it, and reports each to the session's pipe as one more writer.
 *
 * Why C, and why a thread: each exec waits until its notification is answered, so that the way from
 * one to the other has to be short; and only the root's ancestors may read the memory of its family
 * where Yama restricts ptrace, so that it must be the tool's own process that reads.
 *
 * Source: seccomp_unotify(2), process_vm_readv(2), proc(5).
 */
#ifndef EXEC_WATCH_H
#define EXEC_WATCH_H

#include <stddef.h>
#include <stdint.h>

struct exec_watch;

struct exec_watch_settings {
  int listener;             /* taken: closed when the watch is freed */
  int page;                 /* the memory that the keeper shares, cmdmox_deep.h; not taken */
  const char *folder;       /* the session directory */
  uint32_t root;            /* the process whose first exec is the root's own: not reported */
  int reports_unprivileged; /* whether programs get no privileges that their files would give */
};

/* Begins to watch, on a thread of its own. NULL and errno: it cannot; the listener is open then. */
struct exec_watch *exec_watch_start(const struct exec_watch_settings *settings);

/* Answers what is in hand and takes nothing more: the keeper has to. */
void exec_watch_stop(struct exec_watch *watch);

/* Stops it, and closes everything that is left. */
void exec_watch_free(struct exec_watch *watch);

/* The pidfd of the process that an exec was seen of, which the caller closes; -1: there is none.
 * Asked in the order in which the execs were reported; those that are passed over are closed. */
int exec_watch_take_process(struct exec_watch *watch, uint64_t exec);

/* Whether no process is left that could execute anything. */
int exec_watch_is_over(const struct exec_watch *watch);

/* How many execs nobody was told of. */
uint64_t exec_watch_lost(const struct exec_watch *watch);

/* Shared memory for the page, close-on-exec; memfd_create(2). */
int exec_watch_make_page(void);

#endif
