/* What passed through a stream, kept in memory up to the limit. */
#include <errno.h>
#include <sys/mman.h>

#include "shim.h"
#include "syscalls.h"

void shim_keep(struct shim_stream *stream, const char *bytes, size_t length) {
  stream->length += length;
  uint64_t room = stream->limit - stream->held;
  if (length > room) {
    length = (size_t)room;
  }
  if (length > 0 && stream->kept < 0) {
    stream->kept = shim_above_standard(cmdmox_call(memfd_create, "cmdmox", MFD_CLOEXEC));
  }
  while (length > 0) {
    long written = cmdmox_call(write, stream->kept, bytes, length);
    if (written == -EINTR) {
      continue;
    }
    if (written <= 0) { /* no memory: what is held stays, the rest only passes */
      stream->limit = stream->held;
      return;
    }
    stream->held += (uint64_t)written;
    bytes += written;
    length -= (size_t)written;
  }
}

void shim_keep_only(struct shim_stream *stream, uint64_t length) {
  if (stream->held > length) {
    cmdmox_call(ftruncate, stream->kept, length);
    stream->held = length;
  }
}
