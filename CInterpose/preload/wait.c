/* The hooks of wait(2): every status that this program reaps is reported, since it is the truth
 * where the child's own word is not (libc flushes after the last exit handler) or is missing. */
#include <errno.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "events.h"
#include "hooks.h"
#include "image.h"
#include "next.h"
#include "syscalls.h"

/* The caller's status if it wants one, else ours. */
#define STATUS_PLACE(status) ((status) != NULL ? (status) : &(int){0})

static pid_t reaped(pid_t child, const int *status) {
  if (child > 0 && cmdmox_speaks()) {
    cmdmox_announce_wait(child, *status);
  }
  return child;
}

static pid_t missing(void) {
  errno = ENOSYS;
  return -1;
}

CMDMOX_HOOK pid_t wait(int *status) {
  __typeof__(&wait) next = CMDMOX_NEXT(wait);
  int *place = STATUS_PLACE(status);
  return next != NULL ? reaped(next(place), place) : missing();
}

CMDMOX_HOOK pid_t waitpid(pid_t pid, int *status, int options) {
  __typeof__(&waitpid) next = CMDMOX_NEXT(waitpid);
  int *place = STATUS_PLACE(status);
  return next != NULL ? reaped(next(pid, place, options), place) : missing();
}

CMDMOX_HOOK pid_t wait3(int *status, int options, struct rusage *usage) {
  __typeof__(&wait3) next = CMDMOX_NEXT(wait3);
  int *place = STATUS_PLACE(status);
  return next != NULL ? reaped(next(place, options, usage), place) : missing();
}

CMDMOX_HOOK pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage) {
  __typeof__(&wait4) next = CMDMOX_NEXT(wait4);
  int *place = STATUS_PLACE(status);
  return next != NULL ? reaped(next(pid, place, options, usage), place) : missing();
}

/* The status word that waitpid would have given. */
static int status_word(const siginfo_t *info) {
  switch (info->si_code) {
    case CLD_EXITED: return W_EXITCODE(info->si_status, 0);
    case CLD_KILLED: return info->si_status;
    case CLD_DUMPED: return info->si_status | WCOREFLAG;
    default: return W_STOPCODE(info->si_status);
  }
}

CMDMOX_HOOK int waitid(idtype_t type, id_t id, siginfo_t *info, int options) {
  __typeof__(&waitid) next = CMDMOX_NEXT(waitid);
  if (next == NULL) {
    return missing();
  }
  siginfo_t own;
  siginfo_t *place = info != NULL ? info : &own;
  int result = next(type, id, place, options); /* WNOHANG with nobody ready: si_pid is 0 */
  if (result == 0 && place->si_pid > 0) {
    int status = status_word(place);
    reaped(place->si_pid, &status);
  }
  return result;
}
