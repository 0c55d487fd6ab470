/* The command's stdin, where a replay reads it instead of the command. */
#include <errno.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "packing.h"
#include "shim.h"
#include "syscalls.h"

enum { HEADER = CMDMOX_CONTROL_HEADER + 4 + 4, CHUNK = 32 << 10 };

static bool waits_for_more(bool for_ever) {
  struct pollfd polled = {.fd = 0, .events = POLLIN};
  long ready;
  do {
    ready = cmdmox_call(poll, &polled, 1, for_ever ? -1 : 0);
  } while (ready == -EINTR);
  return ready > 0;
}

/* read(2) of stdin; 0: it has ended, or there is none. */
static size_t read_stdin(void *bytes, size_t length) {
  for (;;) {
    long got = cmdmox_call(read, 0, bytes, length);
    if (got == -EAGAIN) {
      waits_for_more(true);
    } else if (got != -EINTR) {
      return got > 0 ? (size_t)got : 0;
    }
  }
}

static bool send_part(int socket, uint8_t *message, size_t length, uint32_t flags) {
  uint8_t *at = shim_put(message, HEADER - CMDMOX_CONTROL_HEADER + length, 4);
  at = shim_put(at, CMDMOX_CONTROL_VERSION, 2);
  at = shim_put(at, CMDMOX_CONTROL_INPUT, 2);
  at = shim_put(at, flags, 4);
  shim_put(at, 0, 4);
  return shim_send(socket, message, HEADER + length);
}

bool shim_send_input(struct shim *shim, uint64_t count, uint32_t flags) {
  static uint8_t message[HEADER + CHUNK];
  for (;;) {
    size_t wanted = count < CHUNK ? (size_t)count : CHUNK;
    if ((flags & CMDMOX_ASK_OPTIONAL) != 0 && !waits_for_more(false)) {
      return send_part(shim->control, message, 0, CMDMOX_INPUT_LAST);
    }
    size_t got = wanted > 0 ? read_stdin(message + HEADER, wanted) : 0;
    bool ended = wanted > 0 && got == 0;
    count -= got;
    shim->consumed += got;
    bool last = ended || count == 0;
    uint32_t said = (ended ? CMDMOX_INPUT_ENDED : 0) | (last ? CMDMOX_INPUT_LAST : 0);
    if (!send_part(shim->control, message, got, said) || last) {
      return last;
    }
  }
}

void shim_consume(uint64_t count) {
  static char forgotten[CHUNK];
  struct stat stat;
  if (cmdmox_call(fstat, 0, &stat) < 0) {
    return;
  }
  if (S_ISREG(stat.st_mode)) {
    long position = cmdmox_call(lseek, 0, 0, SEEK_CUR);
    uint64_t rest = position < stat.st_size ? (uint64_t)(stat.st_size - position) : 0;
    cmdmox_call(lseek, 0, count < rest ? count : rest, SEEK_CUR);
    return;
  }
  while (count > 0) {
    size_t got = read_stdin(forgotten, count < sizeof forgotten ? (size_t)count : sizeof forgotten);
    if (got == 0) {
      return;
    }
    count -= got;
  }
}
