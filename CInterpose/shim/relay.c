/* Copies the streams while they pass, and never waits for one while another could move: the two
 * ends of `a | b` may both be ours, and what reads one stream may wait for the other. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "shim.h"
#include "syscalls.h"

enum {
  LARGE_PIPE = 1 << 20,
  /* A pipe is enlarged for what flows, not for the many commands that say a line: a user's pipes
   * have a limit together, beyond which every new one is made tiny; pipe(7). */
  FLOWS = 128 << 10,
};

void shim_lose(struct shim_stream *stream) {
  if (stream->input && stream->to >= 0) {
    int left = 0;
    cmdmox_call(ioctl, stream->to, FIONREAD, &left);
    stream->left = (uint64_t)left;
  }
  shim_close(&stream->from);
  shim_close(&stream->to);
  stream->first = stream->last = 0;
  stream->full = false;
}

/* Nobody writes `from` any more. */
static void finish(struct shim_stream *stream) {
  if (stream->input) {
    stream->flags |= CMDMOX_STREAM_ENDED;
    /* Once our end is closed nobody could tell how much the command has left unread. */
    stream->unread = shim_reopen(stream->to, O_RDONLY | O_NONBLOCK);
  }
  shim_close(&stream->from);
  shim_close(&stream->to);
}

/* How many of `length` bytes to write at once. Others may write to the caller's pipe as well: where
 * we have to cut, we cut after a line, as far as one write is not torn. */
static size_t cut(const struct shim_stream *stream, const char *bytes, size_t length) {
  size_t room = PIPE_BUF;
  if (length <= room || stream->input) {
    return length;
  }
  int used = 0;
  if (stream->way == SHIM_WAY_NONBLOCKING && cmdmox_call(ioctl, stream->to, FIONREAD, &used) == 0) {
    long size = cmdmox_call(fcntl, stream->to, F_GETPIPE_SZ);
    room = size - used > PIPE_BUF ? (size_t)(size - used) : room;
  }
  if (length <= room) {
    return length;
  }
  for (size_t end = room; end > 0; end--) {
    if (bytes[end - 1] == '\n') {
      return end;
    }
  }
  return room;
}

static void push(struct shim_stream *stream) {
  const char *bytes = stream->buffer + stream->first;
  size_t length = stream->last - stream->first;
  long written;
  switch (stream->way) {
    case SHIM_WAY_SOCKET:
      written =
          cmdmox_call(sendto, stream->to, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0);
      break;
    case SHIM_WAY_NONBLOCKING:
    case SHIM_WAY_CAREFUL:
      written = cmdmox_call(write, stream->to, bytes, cut(stream, bytes, length));
      break;
    default: written = cmdmox_call(write, stream->to, bytes, length); break;
  }
  if (written == -EAGAIN || written == -EINTR) {
    return;
  }
  if (written < 0) {
    shim_lose(stream);
    return;
  }
  if (stream->input) { /* counted here: what waits in the buffer the command has not seen */
    shim_keep(stream, bytes, (size_t)written);
  }
  stream->first += (size_t)written;
}

/* Nothing more is to be kept: the bytes need not pass through our memory. False: read them. */
static bool splice_on(struct shim_stream *stream) {
  if (!stream->pipes || stream->held < stream->limit) {
    return false;
  }
  long moved = cmdmox_call(splice, stream->from, NULL, stream->to, NULL, LARGE_PIPE,
                           SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
  stream->full = false;
  if (moved > 0) {
    stream->length += (uint64_t)moved;
  } else if (moved == 0) {
    finish(stream);
  } else if (moved == -EAGAIN) {
    int waiting = 0;
    cmdmox_call(ioctl, stream->from, FIONREAD, &waiting);
    stream->full = waiting > 0;
    stream->ends_unseen &= stream->full; /* somebody writes it again */
  } else if (moved == -EPIPE) {
    shim_lose(stream);
  } else if (moved != -EINTR) {
    stream->pipes = false;
    return false;
  }
  return true;
}

static void pull(struct shim_stream *stream) {
  if (!stream->enlarged && stream->length > FLOWS) {
    stream->enlarged = true;
    cmdmox_call(fcntl, stream->input ? stream->to : stream->from, F_SETPIPE_SZ, LARGE_PIPE);
  }
  if (splice_on(stream)) {
    return;
  }
  long got = cmdmox_call(read, stream->from, stream->buffer, SHIM_BUFFER);
  if (got == -EAGAIN || got == -EINTR) {
    stream->ends_unseen &= got == -EINTR;
    return;
  }
  if (got <= 0) {
    finish(stream);
    return;
  }
  if (stream->terminal && !shim_terminal_is_packet(stream)) {
    return;
  }
  stream->first = stream->terminal ? 1 : 0;
  stream->last = (size_t)got;
  if (!stream->input) {
    shim_keep(stream, stream->buffer + stream->first, stream->last - stream->first);
  }
  if (stream->way != SHIM_WAY_CAREFUL) {
    push(stream);
  }
}

static bool is_waiting(const struct shim_stream *stream) {
  return stream->last > stream->first || stream->full;
}

static void serve(struct shim_stream *stream, short from, short to) {
  if (is_waiting(stream)) {
    if (to == 0) {
      return;
    }
    if (stream->full) {
      splice_on(stream);
    } else {
      push(stream);
    }
  } else if (to != 0) { /* asked for nothing: it is an error or a hang-up */
    shim_lose(stream);
  } else if (from != 0) {
    pull(stream);
  }
}

enum shim_event shim_relay(struct shim *shim, bool with_stdin, bool waits_for_it) {
  struct pollfd polled[7];
  polled[0] = (struct pollfd){.fd = shim->signals, .events = POLLIN};
  const struct shim_stream *input = &shim->streams[0];
  bool looks = with_stdin && input->ends_unseen && input->from >= 0 && !is_waiting(input);
  for (int i = 0; i < 3; i++) {
    const struct shim_stream *stream = &shim->streams[i];
    bool waits = is_waiting(stream);
    bool served = with_stdin || !stream->input;
    polled[1 + 2 * i] =
        (struct pollfd){.fd = served && !waits ? stream->from : -1, .events = POLLIN};
    polled[2 + 2 * i] = (struct pollfd){
        .fd = served && (waits || stream->watched) ? stream->to : -1,
        .events = waits ? POLLOUT : 0,
    };
  }
  long ready = cmdmox_call(poll, polled, 7, waits_for_it && !looks ? -1 : 0);
  if (ready < 0 || (ready == 0 && !looks)) { /* nothing, or stopped and continued */
    return SHIM_NOTHING;
  }
  polled[1].revents |= looks ? POLLIN : 0;
  for (int i = 0; i < 3; i++) {
    serve(&shim->streams[i], polled[1 + 2 * i].revents, polled[2 + 2 * i].revents);
  }
  return polled[0].revents != 0 ? SHIM_SIGNAL : SHIM_MOVED;
}
