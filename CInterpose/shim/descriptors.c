/* Our own descriptors, which the command must not notice, and the caller's, which must not stay
 * open here: an end of file would come late. */
#include <errno.h>
#include <fcntl.h>

#include "cmdmox_bytes.h"
#include "digits.h"
#include "shim.h"
#include "syscalls.h"

enum { STANDARD = 3, MOST = 3 * 7 + 2 };

int shim_above_standard(long descriptor) {
  if (descriptor < 0 || descriptor >= STANDARD) {
    return (int)descriptor;
  }
  long copy = cmdmox_call(fcntl, descriptor, F_DUPFD_CLOEXEC, STANDARD);
  cmdmox_call(close, descriptor);
  return (int)copy;
}

void shim_close(int *descriptor) {
  if (*descriptor >= 0) {
    cmdmox_call(close, *descriptor);
    *descriptor = -1;
  }
}

void shim_proc_path(char path[SHIM_PROC_PATH], int descriptor, const char *suffix) {
  static const char folder[] = "/proc/self/fd/";
  cmdmox_copy(path, folder, sizeof folder);
  cmdmox_write_decimal(path + sizeof folder - 1, (uint64_t)descriptor);
  cmdmox_copy(path + cmdmox_length(path), suffix, cmdmox_length(suffix) + 1);
}

int shim_reopen(int descriptor, int flags) {
  char path[SHIM_PROC_PATH];
  shim_proc_path(path, descriptor, "");
  int opened =
      shim_above_standard(cmdmox_call(openat, AT_FDCWD, path, flags | O_CLOEXEC | O_NOCTTY, 0));
  return opened < 0 ? -1 : opened;
}

static void close_range_of(int first, unsigned last) {
  if ((unsigned)first > last || cmdmox_call(close_range, first, last, 0) == 0) {
    return;
  }
  /* A container may refuse the call. */
  for (unsigned i = (unsigned)first; i <= last && i < 4096; i++) {
    cmdmox_call(close, i);
  }
}

void shim_close_others(const struct shim *shim) {
  int own[MOST];
  int count = 0;
  own[count++] = shim->control;
  own[count++] = shim->signals;
  for (int i = 0; i < 3; i++) {
    const struct shim_stream *stream = &shim->streams[i];
    const int of_stream[] = {stream->from,        stream->to,     stream->unread,
                             stream->description, stream->reader, stream->kept};
    for (size_t j = 0; j < sizeof of_stream / sizeof *of_stream; j++) {
      own[count++] = of_stream[j];
    }
  }
  int next = 0; /* nothing below is left to be closed */
  for (;;) {
    int lowest = -1;
    for (int i = 0; i < count; i++) {
      if (own[i] >= next && (lowest < 0 || own[i] < lowest)) {
        lowest = own[i];
      }
    }
    if (lowest < 0) {
      close_range_of(next, ~0u);
      return;
    }
    if (lowest > next) {
      close_range_of(next, (unsigned)lowest - 1);
    }
    next = lowest + 1;
  }
}

void shim_raise_limit(struct shim *shim) {
  enum { NEEDED = 64 };
  struct rlimit raised;
  if (cmdmox_call(prlimit64, 0, RLIMIT_NOFILE, NULL, &shim->files) != 0 ||
      shim->files.rlim_cur >= NEEDED) {
    return;
  }
  raised = shim->files;
  raised.rlim_cur = raised.rlim_max < NEEDED ? raised.rlim_max : NEEDED;
  shim->files_raised = cmdmox_call(prlimit64, 0, RLIMIT_NOFILE, &raised, NULL) == 0;
}
