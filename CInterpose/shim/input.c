/* The command's stdin, where a replay looks into it instead of the command. Nothing is taken where
 * that can be helped: the command may have to run after all, and whoever reads behind it has to
 * find what it leaves. A file is read where it stands, and tee(2) shows what lies in a pipe. Taken
 * is what comes from anything else, and what is more than a pipe can hold. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "packing.h"
#include "shim.h"
#include "syscalls.h"

enum {
  HEADER = CMDMOX_CONTROL_HEADER + 4 + 4,
  CHUNK = 32 << 10,
  PAGE = 4096,
  LARGEST_PIPE = 1 << 20,
  ROUND_MS = 20, /* kernels before 5.14 do not tell of every write */
};

#define FOR_EVER UINT64_MAX

static char forgotten[CHUNK];

/* read(2) of stdin; 0: it has ended, or there is none. */
static size_t read_stdin(void *bytes, size_t length) {
  for (;;) {
    long got = cmdmox_call(read, 0, bytes, length);
    if (got == -EAGAIN) {
      struct pollfd polled = {.fd = 0, .events = POLLIN};
      cmdmox_call(poll, &polled, 1, -1);
    } else if (got != -EINTR) {
      return got > 0 ? (size_t)got : 0;
    }
  }
}

/* What is asked for. */
struct wish {
  uint64_t end; /* CLOCK_MONOTONIC: from then on nothing is waited for */
  bool takes;   /* what cannot be looked at may be taken */
};

static int milliseconds_left(const struct wish *wish) {
  uint64_t now = cmdmox_clock(CLOCK_MONOTONIC);
  if (wish->end == FOR_EVER) {
    return -1;
  }
  return wish->end > now ? (int)((wish->end - now) / 1000000 + 1) : 0;
}

/* Each of these gets up to `length` bytes behind those that were seen already. 0: stdin has ended;
 * -EAGAIN: nothing comes in time; -EPIPE: the controller has gone. */

static long take(struct shim *shim, void *bytes, size_t length, const struct wish *wish) {
  struct pollfd polled[] = {{.fd = 0, .events = POLLIN}, {.fd = shim->control, .events = POLLIN}};
  long ready = 0;
  if (wish->takes) {
    do {
      ready = cmdmox_call(poll, polled, 2, milliseconds_left(wish));
    } while (ready == -EINTR);
  }
  if (ready <= 0) {
    return -EAGAIN;
  }
  if (polled[0].revents == 0) {
    return -EPIPE;
  }
  size_t got = read_stdin(bytes, length);
  shim->taken += got;
  return (long)got;
}

static long look_into_file(struct shim *shim, void *bytes, size_t length, const struct wish *wish) {
  (void)wish;
  long position = cmdmox_call(lseek, 0, 0, SEEK_CUR);
  long got = cmdmox_call(pread64, 0, bytes, length, position + (long)shim->seen);
  return got > 0 ? got : 0;
}

/* A descriptor that tells when something is written into the pipe, and when the controller goes. */
static int watch(const struct shim *shim) {
  int changes = (int)cmdmox_call(epoll_create1, EPOLL_CLOEXEC);
  struct epoll_event stdin_changes = {.events = EPOLLIN | EPOLLET};
  struct epoll_event hang_up = {.events = EPOLLIN, .data.fd = shim->control};
  cmdmox_call(epoll_ctl, changes, EPOLL_CTL_ADD, 0, &stdin_changes);
  cmdmox_call(epoll_ctl, changes, EPOLL_CTL_ADD, shim->control, &hang_up);
  return changes;
}

/* Waits for more bytes in the pipe than those that were seen. 1: they are there; else as above. */
static long wait_for_more(const struct shim *shim, const struct wish *wish) {
  int changes = -1;
  long result = 0;
  while (result == 0) {
    struct pollfd polled = {.fd = 0, .events = POLLIN};
    int there = 0;
    cmdmox_call(poll, &polled, 1, 0);
    bool ended = (polled.revents & POLLHUP) != 0;
    cmdmox_call(ioctl, 0, FIONREAD, &there);
    if ((uint64_t)there > shim->seen) {
      result = 1;
    } else if (ended) {
      break;
    } else if (milliseconds_left(wish) == 0) {
      result = -EAGAIN;
    } else {
      struct epoll_event event = {0};
      bool tells = shim->seen == 0;
      changes = changes >= 0 ? changes : watch(shim);
      long came =
          cmdmox_call(epoll_wait, changes, &event, 1, tells ? milliseconds_left(wish) : ROUND_MS);
      if (came < 0 && came != -EINTR) { /* no descriptor left */
        cmdmox_call(poll, NULL, 0, ROUND_MS);
      }
      result = came > 0 && event.data.fd == shim->control ? -EPIPE : 0;
    }
  }
  shim_close(&changes);
  return result;
}

/* True if the pipe can hold more than what was seen of it. A page may be half empty, if what
 * follows did not fit. */
static bool has_room(uint64_t seen) {
  uint64_t needed = 2 * seen + 2 * PAGE;
  return cmdmox_call(fcntl, 0, F_GETPIPE_SZ) >= (long)needed ||
         (needed <= LARGEST_PIPE && cmdmox_call(fcntl, 0, F_SETPIPE_SZ, LARGEST_PIPE) > 0);
}

/* Copies what lies in the pipe behind the bytes that were seen. Returns how much that is. */
static long copy_pipe(uint64_t seen, void *bytes, size_t length) {
  int ends[2];
  if (cmdmox_call(pipe2, ends, O_CLOEXEC) < 0) {
    return 0;
  }
  long size = cmdmox_call(fcntl, 0, F_GETPIPE_SZ);
  cmdmox_call(fcntl, ends[1], F_SETPIPE_SZ, size);
  long shown = cmdmox_call(tee, 0, ends[1], seen + length, SPLICE_F_NONBLOCK);
  long got = 0;
  if (shown > (long)seen) {
    for (uint64_t before = seen; before > 0;) {
      size_t part = before < sizeof forgotten ? (size_t)before : sizeof forgotten;
      before -= (uint64_t)cmdmox_call(read, ends[0], forgotten, part);
    }
    got = cmdmox_call(read, ends[0], bytes, shown - (long)seen);
  }
  cmdmox_call(close, ends[0]);
  cmdmox_call(close, ends[1]);
  return got;
}

static long look_into_pipe(struct shim *shim, void *bytes, size_t length, const struct wish *wish) {
  if (shim->taken == 0 && has_room(shim->seen)) {
    long result = wait_for_more(shim, wish);
    long got = result > 0 ? copy_pipe(shim->seen, bytes, length) : result;
    if (got > 0 || result <= 0) {
      return got;
    }
  }
  if (shim->taken == 0 && wish->takes) {
    shim_consume(shim->seen);
    shim->taken = shim->seen;
  }
  return take(shim, bytes, length, wish);
}

typedef long look_function(struct shim *shim, void *bytes, size_t length, const struct wish *wish);

static look_function *find_look(void) {
  struct stat stat;
  bool is_readable =
      cmdmox_call(fstat, 0, &stat) == 0 && (cmdmox_call(fcntl, 0, F_GETFL) & O_ACCMODE) != O_WRONLY;
  if (is_readable && S_ISFIFO(stat.st_mode)) {
    return look_into_pipe;
  }
  return is_readable && S_ISREG(stat.st_mode) ? look_into_file : take;
}

/* True if it can be told already that nothing follows what was seen. */
static bool is_over(const struct shim *shim, look_function *look) {
  struct stat stat;
  struct pollfd polled = {.fd = 0, .events = POLLIN};
  int there = 0;
  if (look == look_into_file) {
    long position = cmdmox_call(lseek, 0, 0, SEEK_CUR);
    return cmdmox_call(fstat, 0, &stat) == 0 && position + (long)shim->seen >= stat.st_size;
  }
  return look == look_into_pipe && shim->taken == 0 && cmdmox_call(poll, &polled, 1, 0) > 0 &&
         (polled.revents & POLLHUP) != 0 && cmdmox_call(ioctl, 0, FIONREAD, &there) == 0 &&
         (uint64_t)there <= shim->seen;
}

static bool send_part(int socket, uint8_t *message, size_t length, uint32_t flags) {
  uint8_t *at = shim_put(message, HEADER - CMDMOX_CONTROL_HEADER + length, 4);
  at = shim_put(at, CMDMOX_CONTROL_VERSION, 2);
  at = shim_put(at, CMDMOX_CONTROL_INPUT, 2);
  at = shim_put(at, flags, 4);
  shim_put(at, 0, 4);
  return shim_send(socket, message, HEADER + length);
}

bool shim_send_input(struct shim *shim, uint64_t count, uint32_t flags, uint32_t patience) {
  static uint8_t message[HEADER + CHUNK];
  look_function *look = find_look();
  struct wish wish = {.end = FOR_EVER, .takes = (flags & CMDMOX_ASK_TAKES) != 0};
  if ((flags & CMDMOX_ASK_OPTIONAL) != 0) {
    wish.end = cmdmox_clock(CLOCK_MONOTONIC) + patience * UINT64_C(1000000);
  }
  for (;;) {
    size_t wanted = count < CHUNK ? (size_t)count : CHUNK;
    long got = wanted > 0 ? look(shim, message + HEADER, wanted, &wish) : 0;
    size_t length = got > 0 ? (size_t)got : 0;
    count -= length;
    shim->seen += length;
    bool last = got <= 0 || count == 0;
    bool ended = wanted > 0 && (got == 0 || (got > 0 && last && is_over(shim, look)));
    uint32_t said = (ended ? CMDMOX_INPUT_ENDED : 0) | (last ? CMDMOX_INPUT_LAST : 0);
    if (!send_part(shim->control, message, length, said) || last) {
      return last;
    }
  }
}

void shim_consume(uint64_t count) {
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
