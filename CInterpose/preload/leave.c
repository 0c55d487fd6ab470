/* How an image ends: the exit handler and the hooks of _exit(2) and quick_exit(3). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "complain.h"
#include "confine.h"
#include "events.h"
#include "hooks.h"
#include "image.h"
#include "leave.h"
#include "next.h"
#include "report.h"
#include "syscalls.h"

/* How long the root waits without a sign of life from the recorder. */
enum { DONE_MILLISECONDS = 10000 };

/* Reads signs of life until the recorder closes its end. False: it did not say that it is over, or
 * gave no sign for long. A pipe without a writer reads as closed, one without a byte does not. */
static bool read_until_closed(int done) {
  char last = 0;
  for (;;) {
    char bytes[64];
    long count = cmdmox_call(read, done, bytes, sizeof bytes);
    if (count > 0) {
      last = bytes[count - 1];
    } else if (count == -EAGAIN) {
      struct pollfd readable = {.fd = done, .events = POLLIN};
      struct timespec limit = {.tv_sec = DONE_MILLISECONDS / 1000, .tv_nsec = 0};
      long ready = cmdmox_call(ppoll, &readable, 1, &limit, NULL, 0);
      if (ready <= 0 && ready != -EINTR) {
        return false;
      }
    } else if (count != -EINTR) {
      return last == CMDMOX_DONE_OVER;
    }
  }
}

/* The bare form's promise: the fixture is on disk when the command has returned. */
static void wait_for_fixture(void) {
  char path[CMDMOX_SESSION_FILE_MAX];
  cmdmox_session_file(path, CMDMOX_FILE_DONE);
  long done = cmdmox_call(openat, AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (done < 0) {
    return;
  }
  bool is_over = read_until_closed((int)done);
  cmdmox_call(close, done);
  if (!is_over) {
    cmdmox_complain(environ,
                    "the recorder ended before the fixture was written; get it with `cmdmox "
                    "recover ",
                    cmdmox_session_directory(), "`");
  }
}

/* A forked child that has not executed anything is no invocation: it says nothing. */
static void leave(int status) {
  if (!cmdmox_speaks() || cmdmox_is_forked()) {
    cmdmox_silence_end();
    return;
  }
  cmdmox_announce_exit(status);
  if (cmdmox_image.role == CMDMOX_PARENT_ROOT) {
    wait_for_fixture();
  }
}

static void at_exit(int status, void *unused) {
  (void)unused;
  leave(status);
}

extern __typeof__(on_exit) on_exit __attribute__((weak));

bool cmdmox_libc_fits(void) { return on_exit != NULL; }

void cmdmox_watch_exit(void) { on_exit(at_exit, NULL); }

static _Noreturn void end(int status) {
  leave(status);
  __typeof__(&_exit) next = CMDMOX_NEXT(_exit);
  if (next != NULL) {
    next(status);
  }
  for (;;) {
    cmdmox_call(exit_group, status);
  }
}

CMDMOX_HOOK _Noreturn void _exit(int status) { end(status); }

CMDMOX_HOOK _Noreturn void _Exit(int status) { end(status); }

CMDMOX_HOOK _Noreturn void quick_exit(int status) {
  leave(status);
  __typeof__(&quick_exit) next = CMDMOX_NEXT(quick_exit);
  if (next != NULL) {
    next(status);
  }
  for (;;) {
    cmdmox_call(exit_group, status);
  }
}
