/* A regular file that was opened for the command is left alone and read back afterwards. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim.h"
#include "syscalls.h"

/* Where what is written at `number` begins: at the position, or at the end. Negative: unknown. */
static long find_begin(int number) {
  struct stat stat;
  long flags = cmdmox_call(fcntl, number, F_GETFL);
  if (number > 0 && (flags & O_APPEND) != 0 && cmdmox_call(fstat, number, &stat) == 0) {
    return stat.st_size;
  }
  return cmdmox_call(lseek, number, 0, SEEK_CUR);
}

void shim_file_open(struct shim_stream *stream, int number) {
  long begin = find_begin(number);
  stream->description = number;
  /* A new description has a position of its own, and output is open for writing only. Afterwards it
   * might be too late: the command may take the file away or its permission. */
  stream->reader = begin >= 0 ? shim_reopen(number, O_RDONLY) : -1;
  if (stream->reader < 0) {
    stream->how = CMDMOX_STREAM_UNKNOWN;
    stream->description = -1;
    return;
  }
  stream->how = CMDMOX_STREAM_FILE;
  stream->begin = (uint64_t)begin;
}

void shim_file_merge(struct shim_stream *stream, struct shim_stream *other, int number) {
  long begin = find_begin(number);
  if (begin >= 0 && (uint64_t)begin < stream->begin) {
    stream->begin = (uint64_t)begin;
  }
  other->description = number;
}

/* Copies the bytes between the two positions, as many as are to be kept. */
static void read_back(struct shim_stream *stream) {
  static char buffer[SHIM_BUFFER];
  uint64_t at = stream->begin;
  uint64_t wanted = stream->length < stream->limit ? stream->length : stream->limit;
  uint64_t length = stream->length;
  stream->length = 0; /* keeping counts it up again */
  while (wanted > 0) {
    size_t part = wanted < sizeof buffer ? (size_t)wanted : sizeof buffer;
    long got = cmdmox_call(pread64, stream->reader, buffer, part, at);
    if (got == -EINTR) {
      continue;
    }
    if (got <= 0) { /* somebody cut the file */
      break;
    }
    shim_keep(stream, buffer, (size_t)got);
    at += (uint64_t)got;
    wanted -= (uint64_t)got;
  }
  stream->length = length;
}

void shim_file_close(struct shim_stream *stream, const struct shim_stream *other) {
  long position = cmdmox_call(lseek, stream->description, 0, SEEK_CUR);
  struct stat stat;
  if (other != NULL) {
    long others = cmdmox_call(lseek, other->description, 0, SEEK_CUR);
    position = others > position ? others : position;
  }
  if (position < 0) {
    stream->how = CMDMOX_STREAM_UNKNOWN;
    return;
  }
  stream->end = (uint64_t)position;
  if (stream->end < stream->begin) {
    /* Appending and nothing written: the position is what it was. Else the command went back. */
    bool appended = (cmdmox_call(fcntl, stream->description, F_GETFL) & O_APPEND) != 0;
    if (!appended) {
      stream->how = CMDMOX_STREAM_UNKNOWN;
      return;
    }
    stream->end = stream->begin;
  }
  stream->length = stream->end - stream->begin;
  if (cmdmox_call(fstat, stream->reader, &stat) == 0 && stream->end >= (uint64_t)stat.st_size) {
    stream->flags |= CMDMOX_STREAM_ENDED; /* of stdin; the report takes it from the others */
  }
  read_back(stream);
}
