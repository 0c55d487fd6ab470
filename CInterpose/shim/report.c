/* The REPORT: how the command ended and what passed through its streams. */
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "packing.h"
#include "shim.h"
#include "syscalls.h"

enum { FIXED = 8 + 4 * 4 + 3 * 8, REPORT = FIXED + 3 * CMDMOX_STREAM_RECORD };

/* What is known only now. */
static void finish(struct shim *shim, int number) {
  struct shim_stream *stream = &shim->streams[number];
  if (stream->how == CMDMOX_STREAM_FILE && (stream->flags & CMDMOX_STREAM_MERGED) == 0) {
    bool has_other = number == 1 && (shim->streams[2].flags & CMDMOX_STREAM_MERGED) != 0;
    shim_file_close(stream, has_other ? &shim->streams[2] : NULL);
  } else if (stream->how == CMDMOX_STREAM_PEEKED) {
    shim_peek_again(stream);
  } else if (stream->how == CMDMOX_STREAM_RELAYED && number == 0) {
    /* The caller's writer was relayed further than the command has read. */
    int unread = (int)stream->left;
    int asked = stream->unread >= 0 ? stream->unread : stream->to;
    if (asked >= 0) {
      cmdmox_call(ioctl, asked, FIONREAD, &unread);
    }
    stream->length -= (uint64_t)unread < stream->length ? (uint64_t)unread : stream->length;
    shim_keep_only(stream, stream->length);
    if (unread > 0 || stream->last > stream->first) {
      stream->flags &= ~(uint32_t)CMDMOX_STREAM_ENDED;
    }
  }
  bool counted = stream->how == CMDMOX_STREAM_RELAYED || stream->how == CMDMOX_STREAM_FILE ||
                 stream->how == CMDMOX_STREAM_PEEKED;
  if (!counted) {
    stream->length = stream->held = 0;
  }
  if (number != 0) {
    stream->flags &= ~(uint32_t)CMDMOX_STREAM_ENDED;
  }
  if (stream->length > stream->held) {
    stream->flags |= CMDMOX_STREAM_TRUNCATED;
  }
  if (stream->held > 0) {
    stream->flags |= CMDMOX_STREAM_KEPT;
    cmdmox_call(lseek, stream->kept, 0, SEEK_SET);
  }
}

static uint8_t *put_stream(uint8_t *at, const struct shim_stream *stream) {
  at = shim_put(at, stream->how, 4);
  at = shim_put(at, stream->flags, 4);
  at = shim_put(at, stream->length, 8);
  at = shim_put(at, stream->device, 8);
  at = shim_put(at, stream->inode, 8);
  at = shim_put(at, stream->begin, 8);
  return shim_put(at, stream->end, 8);
}

static uint64_t microseconds(struct timeval time) {
  return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_usec;
}

/* Header and payload. A command that was never executed has written nothing. */
static void pack(uint8_t *at, const struct shim *shim) {
  at = shim_put(at, REPORT, 4);
  at = shim_put(at, CMDMOX_CONTROL_VERSION, 2);
  at = shim_put(at, CMDMOX_CONTROL_REPORT, 2);
  at = shim_put(at, shim->ended, 8);
  at = shim_put(at, (uint64_t)shim->status, 4);
  at = shim_put(at, (uint64_t)shim->error, 4);
  at = shim_put(at, (uint64_t)shim->child, 4);
  at = shim_put(at, 0, 4);
  at = shim_put(at, microseconds(shim->usage.ru_utime), 8);
  at = shim_put(at, microseconds(shim->usage.ru_stime), 8);
  at = shim_put(at, (uint64_t)shim->usage.ru_maxrss, 8);
  for (int i = 0; i < 3; i++) {
    at = put_stream(at, &shim->streams[i]);
  }
}

void shim_report(struct shim *shim) {
  uint8_t message[CMDMOX_CONTROL_HEADER + REPORT];
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(3 * sizeof(int))];
  } rights;
  int *descriptors = (int *)CMSG_DATA(&rights.header);
  size_t count = 0;
  for (int i = 0; i < 3; i++) {
    finish(shim, i);
    if ((shim->streams[i].flags & CMDMOX_STREAM_KEPT) != 0) {
      descriptors[count++] = shim->streams[i].kept;
    }
  }
  pack(message, shim);
  struct iovec part = {.iov_base = message, .iov_len = sizeof message};
  struct msghdr envelope = {.msg_iov = &part, .msg_iovlen = 1};
  if (count > 0) {
    rights.header.cmsg_level = SOL_SOCKET;
    rights.header.cmsg_type = SCM_RIGHTS;
    rights.header.cmsg_len = CMSG_LEN(count * sizeof(int));
    envelope.msg_control = &rights;
    envelope.msg_controllen = CMSG_SPACE(count * sizeof(int));
  }
  long sent;
  do { /* a controller that has gone is no concern of the command's */
    sent = cmdmox_call(sendmsg, shim->control, &envelope, MSG_NOSIGNAL);
  } while (sent == -EINTR);
}
