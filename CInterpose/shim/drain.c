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

/* How far the outputs have to come until all that was written before now has arrived. */
static void find_bounds(const struct shim *shim, uint64_t bound[3]) {
  for (int i = 1; i < 3; i++) {
    const struct shim_stream *stream = &shim->streams[i];
    int waiting = 0;
    if (stream->from >= 0) {
      is_hung_up(stream->from); /* the poll makes a terminal take in what is on its way */
      cmdmox_call(ioctl, stream->from, FIONREAD, &waiting);
    }
    bound[i] = stream->length + (uint64_t)waiting;
  }
}

static bool has_arrived(const struct shim_stream *stream, uint64_t bound) {
  if (stream->from < 0) {
    return true;
  }
  bool waits = stream->last > stream->first || stream->full;
  return stream->length >= bound && !waits && !is_hung_up(stream->from);
}

static bool have_arrived(const struct shim *shim, const uint64_t bound[3]) {
  return has_arrived(&shim->streams[1], bound[1]) && has_arrived(&shim->streams[2], bound[2]);
}

void shim_settle(struct shim *shim) {
  uint64_t bound[3];
  find_bounds(shim, bound);
  /* One round more: a terminal's settings are no bytes that would be counted. */
  while (shim_relay(shim, false, false) == SHIM_MOVED && !have_arrived(shim, bound)) {
  }
}

static void end_input(struct shim_stream *stream) {
  if (stream->to >= 0 && !is_hung_up(stream->to)) {
    stream->flags |= CMDMOX_STREAM_RUNS_ON;
  } else if (stream->to >= 0) {
    shim_lose(stream);
  }
}

int shim_drain(struct shim *shim) {
  uint64_t bound[3];
  int status = shim->status;
  end_input(&shim->streams[0]);
  find_bounds(shim, bound);
  while (!have_arrived(shim, bound)) {
    /* Without us the command would still be there, stuck in its write. */
    int fatal = shim_relay(shim, false, true) == SHIM_SIGNAL ? shim_take_fatal(shim) : 0;
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
    shim_relay(shim, true, true);
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
