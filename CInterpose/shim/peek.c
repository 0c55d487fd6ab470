/* A pipe that others read too must not be relayed: we would take what is theirs. tee(2) shows what
 * lies in it without taking it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "shim.h"
#include "syscalls.h"

bool shim_stdin_has_writers(void) {
  struct pollfd polled = {.fd = 0, .events = POLLIN};
  return cmdmox_call(poll, &polled, 1, 0) <= 0 || (polled.revents & POLLHUP) == 0;
}

bool shim_stdin_has_ended(void) {
  int waiting = 0;
  return !shim_stdin_has_writers() && cmdmox_call(ioctl, 0, FIONREAD, &waiting) == 0 &&
         waiting == 0;
}

/* Copies all that lies in the pipe into the memfd. */
static bool copy_pipe(struct shim_stream *stream, uint64_t length) {
  int ends[2];
  bool copied = false;
  if (cmdmox_call(pipe2, ends, O_CLOEXEC) < 0) {
    return false;
  }
  long size = cmdmox_call(fcntl, 0, F_GETPIPE_SZ);
  stream->kept = shim_above_standard(cmdmox_call(memfd_create, "cmdmox", MFD_CLOEXEC));
  if (stream->kept >= 0 && cmdmox_call(fcntl, ends[1], F_SETPIPE_SZ, size) >= size &&
      cmdmox_call(tee, 0, ends[1], size, SPLICE_F_NONBLOCK) == (long)length) {
    while (stream->held < length) {
      long moved = cmdmox_call(splice, ends[0], NULL, stream->kept, NULL, length - stream->held, 0);
      if (moved <= 0 && moved != -EINTR) {
        break;
      }
      stream->held += moved > 0 ? (uint64_t)moved : 0;
    }
    copied = stream->held == length;
  }
  shim_close(&ends[0]);
  shim_close(&ends[1]);
  return copied;
}

void shim_peek(struct shim_stream *stream) {
  int waiting = 0;
  stream->how = CMDMOX_STREAM_UNKNOWN;
  /* With a writer left, as many bytes may have come as were read: nothing could be told. */
  if (shim_stdin_has_writers() || cmdmox_call(ioctl, 0, FIONREAD, &waiting) < 0 ||
      (waiting > 0 && !copy_pipe(stream, (uint64_t)waiting))) {
    shim_close(&stream->kept);
    stream->held = 0;
    return;
  }
  stream->how = CMDMOX_STREAM_PEEKED;
  stream->begin = (uint64_t)waiting;
  stream->description = 0;
}

void shim_peek_again(struct shim_stream *stream) {
  int waiting = 0;
  if (cmdmox_call(ioctl, stream->description, FIONREAD, &waiting) < 0 ||
      (uint64_t)waiting > stream->begin) {
    stream->how = CMDMOX_STREAM_UNKNOWN;
    stream->begin = 0;
    return;
  }
  stream->length = stream->begin - (uint64_t)waiting;
  stream->begin = 0; /* offsets are of regular files only */
  if (waiting == 0) {
    stream->flags |= CMDMOX_STREAM_ENDED;
  }
  shim_keep_only(stream, stream->length < stream->limit ? stream->length : stream->limit);
}
