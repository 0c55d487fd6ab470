/* After the command: its output arrives before its end is seen, and background processes that
 * still hold its streams delay nobody. */
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "shim.h"
#include "syscalls.h"

/* Nobody holds the other end of our pipe; what is in it is all that will come. */
static bool is_hung_up(int descriptor) {
  struct pollfd polled = {.fd = descriptor, .events = 0};
  return cmdmox_call(poll, &polled, 1, 0) > 0;
}

/* True once everything that was written before the command's end, `bound` bytes, has arrived. */
static bool has_arrived(const struct shim_stream *stream, uint64_t bound) {
  if (stream->from < 0) {
    return true;
  }
  bool waits = stream->last > stream->first || stream->full;
  return stream->length >= bound && !waits && !is_hung_up(stream->from);
}

static void end_input(struct shim_stream *stream) {
  if (stream->to >= 0 && !is_hung_up(stream->to)) {
    stream->flags |= CMDMOX_STREAM_RUNS_ON;
  } else if (stream->to >= 0) {
    shim_lose(stream);
  }
}

int shim_drain(struct shim *shim) {
  uint64_t bound[3] = {0, 0, 0};
  int status = shim->status;
  end_input(&shim->streams[0]);
  for (int i = 1; i < 3; i++) {
    int waiting = 0;
    if (shim->streams[i].from >= 0) {
      cmdmox_call(ioctl, shim->streams[i].from, FIONREAD, &waiting);
    }
    bound[i] = shim->streams[i].length + (uint64_t)waiting;
  }
  while (!has_arrived(&shim->streams[1], bound[1]) || !has_arrived(&shim->streams[2], bound[2])) {
    /* Without us the command would still be there, stuck in its write. */
    int fatal = shim_relay(shim, false) ? shim_take_fatal(shim) : 0;
    if (fatal != 0) {
      status = fatal;
      break;
    }
  }
  for (int i = 1; i < 3; i++) {
    struct shim_stream *stream = &shim->streams[i];
    if (stream->from >= 0 && is_hung_up(stream->from)) {
      shim_lose(stream);
    } else if (stream->from >= 0) {
      stream->flags |= CMDMOX_STREAM_RUNS_ON;
    }
  }
  return status;
}

/* Relays until everybody has closed; keeps nothing more. */
static _Noreturn void carry_on(struct shim *shim) {
  cmdmox_call(setsid);
  cmdmox_call(chdir, "/");
  shim_close(&shim->control);
  shim_close(&shim->signals);
  for (int i = 0; i < 3; i++) {
    struct shim_stream *stream = &shim->streams[i];
    shim_close(&stream->kept);
    shim_close(&stream->reader);
    shim_close(&stream->description);
    shim_close(&stream->unread);
    stream->held = stream->limit = 0;
  }
  while (shim->streams[0].from >= 0 || shim->streams[1].from >= 0 || shim->streams[2].from >= 0) {
    shim_relay(shim, true);
  }
  shim_exit(0);
}

void shim_leave_behind(struct shim *shim) {
  uint32_t flags = shim->streams[0].flags | shim->streams[1].flags | shim->streams[2].flags;
  if ((flags & CMDMOX_STREAM_RUNS_ON) == 0) {
    return;
  }
  /* No signal at its end: it is nobody's child by then. */
  if (cmdmox_call(clone, 0, 0, 0, 0, 0) == 0) {
    carry_on(shim);
  }
}
