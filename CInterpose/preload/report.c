#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>

#include "cmdmox_bytes.h"
#include "digits.h"
#include "image.h"
#include "next.h"
#include "syscalls.h"

_Static_assert(CMDMOX_SESSION_FILE_MAX >= CMDMOX_SESSION_MAX + 32, "room for a name");

/* How long a writer waits for a recorder that does not read at all meanwhile. The first one then
 * marks the session as stalled, and others that find the pipe full do not wait. */
enum { STALL_MILLISECONDS = 2000 };

void cmdmox_session_file(char path[CMDMOX_SESSION_FILE_MAX], const char *name) {
  size_t length = cmdmox_length(cmdmox_session_directory());
  cmdmox_copy(path, cmdmox_session_directory(), length);
  path[length] = '/';
  cmdmox_copy(path + length + 1, name, cmdmox_length(name) + 1);
}

enum { STANDARD_DESCRIPTORS = 3 };

static int open_path(const char *path, int flags, int mode) {
  return (int)cmdmox_call(openat, AT_FDCWD, path, flags | O_CLOEXEC, mode);
}

/* Opens a file. Where the program has closed a standard descriptor, another thread's printf must
 * neither land in our file nor succeed: O_PATH descriptors stand in meanwhile, which can be read
 * and written as little as a closed one. */
static int open_file(const char *name, int flags, int mode) {
  int held[STANDARD_DESCRIPTORS] = {-1, -1, -1};
  bool alone = cmdmox_is_single_threaded();
  for (int i = 0; !alone && i < STANDARD_DESCRIPTORS; i++) {
    if (cmdmox_call(fcntl, i, F_GETFD) == -EBADF) {
      held[i] = open_path("/", O_PATH, 0);
    }
  }
  char path[CMDMOX_SESSION_FILE_MAX];
  cmdmox_session_file(path, name);
  int descriptor = open_path(path, flags, mode);
  for (int i = 0; !alone && i < STANDARD_DESCRIPTORS; i++) {
    if (held[i] >= 0) {
      cmdmox_call(close, held[i]);
    }
  }
  return descriptor;
}

/* Counts a loss without a reader: a byte in a file, or a link where no descriptor is left. */
static void count_loss(void) {
  int file = open_file(CMDMOX_FILE_LOST, O_WRONLY | O_APPEND | O_CREAT, 0666);
  if (file >= 0) {
    long written = cmdmox_write_blocked(file, "", 1);
    cmdmox_call(close, file);
    if (written == 1) {
      return;
    }
  }
  char path[CMDMOX_SESSION_FILE_MAX];
  char name[] = CMDMOX_FILE_LOST "-................";
  cmdmox_write_hex(name + sizeof CMDMOX_FILE_LOST, cmdmox_new_id());
  cmdmox_session_file(path, name);
  cmdmox_call(symlinkat, "lost", AT_FDCWD, path);
}

/* Which mark stands in the session directory: a new one is another one. */
struct mark {
  bool there;
  uint64_t inode;
  struct timespec made;
};

static struct mark look_at_mark(const char *name) {
  char path[CMDMOX_SESSION_FILE_MAX];
  struct stat stat = {0};
  cmdmox_session_file(path, name);
  bool there = cmdmox_call(newfstatat, AT_FDCWD, path, &stat, AT_SYMLINK_NOFOLLOW) == 0;
  return (struct mark){.there = there, .inode = stat.st_ino, .made = stat.st_ctim};
}

/* A link to `events`: that takes no descriptor. */
static void put_mark(const char *name) {
  char path[CMDMOX_SESSION_FILE_MAX];
  cmdmox_session_file(path, name);
  cmdmox_call(symlinkat, CMDMOX_FILE_EVENTS, AT_FDCWD, path);
}

static bool is_same_mark(const struct mark *a, const struct mark *b) {
  return a->there == b->there && a->inode == b->inode && a->made.tv_sec == b->made.tv_sec &&
         a->made.tv_nsec == b->made.tv_nsec;
}

/* Waits until the pipe takes a frame. False: give up, since the recorder does not read.
 *
 * One that reads takes `waiting` away. Others may have been quicker each time that it read, so that
 * a full pipe alone says nothing. */
static bool wait_for_room(int pipe) {
  if (look_at_mark(CMDMOX_FILE_STALLED).there) {
    return false;
  }
  for (;;) {
    put_mark(CMDMOX_FILE_WAITING);
    struct mark before = look_at_mark(CMDMOX_FILE_WAITING);
    struct pollfd writable = {.fd = pipe, .events = POLLOUT};
    struct timespec limit = {.tv_sec = STALL_MILLISECONDS / 1000,
                             .tv_nsec = STALL_MILLISECONDS % 1000 * 1000000L};
    if (cmdmox_call(ppoll, &writable, 1, &limit, NULL, 0) > 0) {
      return (writable.revents & POLLERR) == 0;
    }
    struct mark after = look_at_mark(CMDMOX_FILE_WAITING);
    if (is_same_mark(&before, &after)) {
      put_mark(CMDMOX_FILE_STALLED);
      return false;
    }
  }
}

static bool deliver(void *context, const uint8_t *frame, size_t length) {
  int pipe = ((struct cmdmox_report *)context)->pipe;
  if (pipe < 0) {
    return false;
  }
  for (;;) {
    long written = cmdmox_write_blocked(pipe, frame, length);
    if (written == (long)length) {
      return true;
    }
    if (written != -EAGAIN || !wait_for_room(pipe)) {
      return false;
    }
  }
}

void cmdmox_report_begin(struct cmdmox_report *report, uint8_t kind, uint64_t stamp, uint8_t *frame,
                         size_t size) {
  report->signals = cmdmox_block_signals();
  report->pipe = open_file(CMDMOX_FILE_EVENTS, O_WRONLY | O_NONBLOCK, 0);
  stamp = stamp != 0 ? stamp : cmdmox_clock(CLOCK_MONOTONIC);
  uint32_t pid = (uint32_t)cmdmox_call(getpid);
  /* Each thread has a stack of its own: cheaper than asking for its id. */
  uint64_t thread = ((uintptr_t)report >> 4) ^ pid;
  struct cmdmox_message *message = &report->message;
  message->deliver = deliver;
  message->context = report;
  cmdmox_message_begin(message, kind, pid, cmdmox_id_at(stamp, thread), frame, size);
  cmdmox_message_u64(message, cmdmox_image.id);
  cmdmox_message_u64(message, stamp);
}

void cmdmox_report_directory(struct cmdmox_report *report) {
  size_t size;
  uint8_t *room = cmdmox_message_room(&report->message, &size);
  long length = cmdmox_call(getcwd, room, size); /* counts the NUL */
  if (length > 0) {
    cmdmox_message_took(&report->message, (size_t)length);
  } else {
    cmdmox_message_string(&report->message, "");
  }
}

void cmdmox_report_send(struct cmdmox_report *report) {
  bool delivered = cmdmox_message_end(&report->message);
  if (report->pipe >= 0) {
    cmdmox_call(close, report->pipe);
  }
  if (!delivered) {
    count_loss();
  }
  cmdmox_restore_signals(report->signals);
}

bool cmdmox_recorder_listens(void) {
  uint64_t signals = cmdmox_block_signals();
  int pipe = open_file(CMDMOX_FILE_EVENTS, O_WRONLY | O_NONBLOCK, 0);
  if (pipe >= 0) {
    cmdmox_call(close, pipe);
  }
  cmdmox_restore_signals(signals);
  return pipe >= 0;
}
