/* What each standard stream is, and so how it is taken: the table in docs/design.md, "Capture". */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "shim.h"
#include "syscalls.h"

static char buffers[3][SHIM_BUFFER];

static bool is_null(const struct stat *stat) {
  return S_ISCHR(stat->st_mode) && stat->st_rdev == makedev(1, 3);
}

/* One stream of the root's that many commands write to: a log. */
static bool is_the_roots(const struct shim_decision *decision, const struct stat *stat) {
  for (int i = 0; i < 2; i++) {
    if (decision->root[i].inode == stat->st_ino && decision->root[i].device == stat->st_dev) {
      return S_ISREG(stat->st_mode) || is_null(stat);
    }
  }
  return false;
}

static void set_nonblocking(int descriptor) {
  long flags = cmdmox_call(fcntl, descriptor, F_GETFL);
  cmdmox_call(fcntl, descriptor, F_SETFL, flags | O_NONBLOCK);
}

/* Makes the pipe, or the socket pair, between the command and us. */
static bool put_between(struct shim_stream *stream, bool socket, bool nonblocking) {
  int ends[2];
  long result = socket ? cmdmox_call(socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)
                       : cmdmox_call(pipe2, ends, O_CLOEXEC);
  if (result < 0) {
    return false;
  }
  int ours = shim_above_standard(ends[stream->input ? 1 : 0]);
  stream->child = shim_above_standard(ends[stream->input ? 0 : 1]);
  if (ours < 0 || stream->child < 0) {
    return false;
  }
  *(stream->input ? &stream->to : &stream->from) = ours;
  set_nonblocking(ours);
  if (nonblocking) { /* as the command would have found it */
    set_nonblocking(stream->child);
  }
  stream->how = CMDMOX_STREAM_RELAYED;
  return true;
}

/* Only for pipes without a name: a FIFO may find another reader. */
static bool is_watched(const struct shim_stream *stream, const struct stat *stat) {
  struct stat ours;
  return S_ISSOCK(stat->st_mode) ||
         (S_ISFIFO(stat->st_mode) && cmdmox_call(fstat, stream->from, &ours) == 0 &&
          ours.st_dev == stat->st_dev);
}

/* Finds out how the caller's stream is written. */
static void find_way(struct shim_stream *stream, int number, const struct stat *stat) {
  stream->to = number;
  if (S_ISSOCK(stat->st_mode)) {
    stream->way = SHIM_WAY_SOCKET;
  } else if (S_ISFIFO(stat->st_mode)) {
    /* The caller's description is not ours to make non-blocking: its other holders share it. */
    int own = shim_reopen(number, O_WRONLY | O_NONBLOCK);
    stream->to = own >= 0 ? own : number;
    stream->way = own >= 0 ? SHIM_WAY_NONBLOCKING : SHIM_WAY_CAREFUL;
    stream->pipes = true;
  } else {
    stream->way = SHIM_WAY_PLAIN;
  }
}

static bool relay_output(struct shim_stream *stream, int number, const struct stat *stat,
                         bool nonblocking) {
  if (!put_between(stream, S_ISSOCK(stat->st_mode), nonblocking)) {
    return false;
  }
  find_way(stream, number, stat);
  stream->watched = is_watched(stream, stat);
  return true;
}

static bool relay_input(struct shim_stream *stream, bool nonblocking) {
  if (!put_between(stream, false, nonblocking)) {
    return false;
  }
  int own = shim_reopen(0, O_RDONLY | O_NONBLOCK);
  stream->from = own >= 0 ? own : 0;
  stream->ends_unseen = !shim_stdin_has_writers();
  stream->way = SHIM_WAY_NONBLOCKING;
  stream->pipes = stream->watched = true;
  return true;
}

static bool take_input(struct shim_stream *stream, const struct stat *stat, bool nonblocking) {
  if (S_ISREG(stat->st_mode)) {
    shim_file_open(stream, 0);
  } else if (S_ISSOCK(stat->st_mode)) {
    stream->how = CMDMOX_STREAM_UNKNOWN;
  } else if (S_ISFIFO(stat->st_mode)) {
    if (!shim_stdin_is_shared()) {
      if (shim_stdin_has_ended()) { /* a command may be over before we have seen that by relaying */
        stream->flags |= CMDMOX_STREAM_ENDED;
      }
      return relay_input(stream, nonblocking);
    }
    shim_peek(stream);
  }
  return true;
}

/* stderr is what stdout is: taken together, so that the order of the two is kept. Of /dev/null
 * there is none, and stderr on a terminal is left alone. */
static bool merge(struct shim_stream *stream, const struct stat *stat, struct shim_stream *first) {
  bool taken = !S_ISCHR(stat->st_mode);
  taken = taken && (first->how == CMDMOX_STREAM_RELAYED || first->how == CMDMOX_STREAM_FILE);
  if (!taken || first->device != stream->device || first->inode != stream->inode) {
    return false;
  }
  stream->how = first->how;
  stream->flags |= CMDMOX_STREAM_MERGED;
  stream->child = first->child;
  if (first->how == CMDMOX_STREAM_FILE) {
    shim_file_merge(first, stream, 2);
  }
  return true;
}

/* A socket pair looks like it, to a command that does not ask for more. Others have addresses and
 * options, or keep messages apart. */
static bool is_like_a_pair(int number) {
  int domain = 0, type = 0;
  int length = sizeof domain;
  return cmdmox_call(getsockopt, number, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 &&
         cmdmox_call(getsockopt, number, SOL_SOCKET, SO_TYPE, &type, &length) == 0 &&
         domain == AF_UNIX && type == SOCK_STREAM;
}

static bool take_output(struct shim *shim, int number, const struct stat *stat, bool nonblocking) {
  struct shim_stream *stream = &shim->streams[number];
  const struct shim_stream *input = &shim->streams[0];
  if (number == 2 && merge(stream, stat, &shim->streams[1])) {
    return true;
  }
  bool both_ways = input->inode == stream->inode && input->device == stream->device;
  if (S_ISSOCK(stat->st_mode) && (both_ways || !is_like_a_pair(number))) {
    stream->how = CMDMOX_STREAM_UNKNOWN;
  } else if (S_ISFIFO(stat->st_mode) || S_ISSOCK(stat->st_mode) ||
             is_the_roots(&shim->decision, stat)) {
    return relay_output(stream, number, stat, nonblocking);
  } else if (S_ISREG(stat->st_mode)) {
    shim_file_open(stream, number);
  } else if (number == 1 && S_ISCHR(stat->st_mode) && shim_is_terminal(number)) {
    shim_terminal_open(stream, number);
  }
  return true;
}

static void begin(struct shim_stream *stream, int number) {
  stream->input = number == 0;
  stream->child = stream->from = stream->to = -1;
  stream->unread = stream->description = stream->reader = stream->kept = -1;
  stream->buffer = buffers[number];
}

void shim_aim(struct shim_stream *stream, int number) {
  struct stat stat;
  begin(stream, number);
  if (cmdmox_call(fstat, number, &stat) == 0) {
    stream->device = stat.st_dev;
    stream->inode = stat.st_ino;
    find_way(stream, number, &stat);
  }
}

static bool take(struct shim *shim, int number) {
  struct shim_stream *stream = &shim->streams[number];
  struct stat stat;
  begin(stream, number);
  stream->limit = shim->decision.limit;
  if (cmdmox_call(fstat, number, &stat) < 0) {
    stream->how = CMDMOX_STREAM_CLOSED;
    return true;
  }
  stream->device = stat.st_dev;
  stream->inode = stat.st_ino;
  stream->how = CMDMOX_STREAM_INHERITED;
  long flags = cmdmox_call(fcntl, number, F_GETFL);
  if ((flags & O_PATH) != 0 || (flags & O_ACCMODE) == (number == 0 ? O_WRONLY : O_RDONLY)) {
    return true; /* the command cannot use it */
  }
  bool nonblocking = (flags & O_NONBLOCK) != 0;
  return number == 0 ? take_input(stream, &stat, nonblocking)
                     : take_output(shim, number, &stat, nonblocking);
}

bool shim_classify(struct shim *shim) { return take(shim, 0) && take(shim, 1) && take(shim, 2); }
