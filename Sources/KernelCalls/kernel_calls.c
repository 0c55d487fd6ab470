#define _GNU_SOURCE
#include "kernel_calls.h"

#include <sys/random.h>

int kernel_random(void *bytes, size_t count) {
  unsigned char *at = bytes;
  while (count > 0) {
    ssize_t got = getrandom(at, count, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    at += got;
    count -= (size_t)got;
  }
  return 0;
}

int kernel_set_pipe_size(int fd, int bytes) { return fcntl(fd, F_SETPIPE_SZ, bytes); }
