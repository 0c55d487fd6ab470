/* A kernel that does what an input says: short reads and writes, EINTR, EAGAIN, errors, a
 * controller that sends anything and any descriptors. Every byte that a call takes or gives is
 * touched, so that AddressSanitizer sees where a buffer is too short. Once the input says no more,
 * calls succeed and descriptors are at their end. */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "../../../CInterpose/bare/syscalls.c"
#include "cmdmox_wire.h"
#include "simulation.h"

struct simulation simulation;

/* The last two are the ends of a pipe that only the stand-in has. */
enum { FIRST_DESCRIPTOR = 64, OWN_PIPE = FIRST_DESCRIPTOR + 4, LAST_DESCRIPTOR = OWN_PIPE + 1 };

/* No call is made with a descriptor that nobody gave out. */
static void expect_descriptor(long descriptor) {
  EXPECT((descriptor >= 0 && descriptor <= 2) ||
         (descriptor >= FIRST_DESCRIPTOR && descriptor <= LAST_DESCRIPTOR));
}

/* One of the things that can go wrong with any call, now and then. */
static long trouble(void) {
  switch (input_byte(&simulation.input)) {
    case 0xfd: return -EINTR;
    case 0xfe: return -EAGAIN;
    case 0xff: return -EPIPE;
    default: return 0;
  }
}

static size_t shortened(size_t length) {
  size_t most = input_byte(&simulation.input);
  return most != 0 && most < length ? most : length;
}

/* Bytes for whoever reads. */
static long give(void *to, size_t length) {
  const uint8_t *bytes;
  size_t given = input_take(&simulation.input, length, &bytes);
  memcpy(to, bytes, given);
  return (long)given;
}

/* Looks at every byte that was written. */
static void look_at(const uint8_t *bytes, size_t length) {
  uint8_t sum = 0;
  for (size_t i = 0; i < length; i++) {
    sum ^= bytes[i];
  }
  simulation.sum ^= sum;
}

static long take(int descriptor, const void *bytes, size_t length) {
  long error = trouble();
  if (error != 0) {
    return error;
  }
  length = length > 0 ? shortened(length) : 0;
  look_at(bytes, length);
  if (descriptor == 1 || descriptor == 2) {
    simulation.written[descriptor - 1] += length;
  }
  return (long)length;
}

static long read_some(long descriptor, void *to, size_t length) {
  expect_descriptor(descriptor);
  if (descriptor == OWN_PIPE) { /* what was put there is there */
    memset(to, 't', length);
    return (long)length;
  }
  long error = trouble();
  return error != 0 && error != -EPIPE ? error : give(to, shortened(length));
}

/* A message's beginning, and any descriptors. */
static long receive_message(long descriptor, struct msghdr *message) {
  /* What no descriptor is written to holds anything. */
  memset(message->msg_control, 0xaa, message->msg_controllen);
  long got = read_some(descriptor, message->msg_iov->iov_base, message->msg_iov->iov_len);
  uint8_t choice = input_byte(&simulation.input);
  size_t count = choice & 3;
  size_t length = CMSG_LEN(count * sizeof(int));
  if (got <= 0 || (choice & 4) == 0 || message->msg_controllen < length) {
    message->msg_controllen = 0;
    return got;
  }
  struct cmsghdr *header = message->msg_control;
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = (choice & 8) != 0 ? SCM_CREDENTIALS : SCM_RIGHTS;
  header->cmsg_len = length;
  for (size_t i = 0; i < count; i++) {
    int descriptor = (choice & 16) != 0 ? (int)i : FIRST_DESCRIPTOR + (int)i;
    memcpy(CMSG_DATA(header) + i * sizeof descriptor, &descriptor, sizeof descriptor);
  }
  message->msg_controllen = CMSG_SPACE(count * sizeof(int));
  return got;
}

static long describe(struct stat *stat) {
  static const mode_t kinds[] = {S_IFIFO, S_IFREG, S_IFSOCK, S_IFCHR};
  memset(stat, 0, sizeof *stat);
  stat->st_mode = kinds[input_byte(&simulation.input) % 4] | 0600;
  stat->st_ino = input_byte(&simulation.input) % 3;
  stat->st_size = (off_t)input_integer(&simulation.input, 4);
  return 0;
}

/* Everything that is asked for is ready: whoever waits goes on. Once the input says no more, the
 * other ends are gone. */
static long wait_for(struct pollfd *polled, size_t count) {
  long error = trouble();
  if (error == -EINTR) {
    return error;
  }
  short always = simulation.input.left == 0 ? POLLHUP : 0;
  long ready = 0;
  for (size_t i = 0; i < count; i++) {
    polled[i].revents = polled[i].fd >= 0 ? polled[i].events | always : 0;
    ready += polled[i].revents != 0;
  }
  return ready;
}

/* Whether a controller that stands still has been waited for in vain: seldom. */
static bool is_mark(const char *path) {
  static const char name[] = "/" CMDMOX_FILE_STALLED;
  size_t length = strlen(path);
  return length >= sizeof name - 1 && strcmp(path + length - (sizeof name - 1), name) == 0;
}

static long control_descriptor(int descriptor, int command) {
  expect_descriptor(descriptor);
  switch (command) {
    case F_GETFL: return input_byte(&simulation.input) % 3; /* O_RDONLY, O_WRONLY, O_RDWR */
    case F_GETPIPE_SZ:
    case F_SETPIPE_SZ: return 16 << (input_byte(&simulation.input) % 17);
    default: return FIRST_DESCRIPTOR;
  }
}

static long make_pipe(int ends[2]) {
  ends[0] = OWN_PIPE;
  ends[1] = OWN_PIPE + 1;
  return input_byte(&simulation.input) == 0xff ? -EMFILE : 0;
}

long cmdmox_syscall(long number, long a, long b, long c, long d, long e, long f) {
  (void)e, (void)f;
  simulation.calls++;
  switch (number) {
    case SYS_recvfrom:
    case SYS_pread64:
    case SYS_read: return read_some(a, (void *)b, (size_t)c);
    case SYS_recvmsg: return receive_message(a, (struct msghdr *)b);
    case SYS_sendto:
    case SYS_write: return take((int)a, (const void *)b, (size_t)c);
    case SYS_fstat: return describe((struct stat *)b);
    case SYS_poll: return wait_for((struct pollfd *)a, (size_t)b);
    case SYS_splice: return trouble() != 0 ? -EINVAL : 0;
    case SYS_fcntl: return control_descriptor((int)a, (int)b);
    case SYS_pipe2: return make_pipe((int *)a);
    case SYS_tee: return trouble() != 0 ? -EAGAIN : (long)shortened((size_t)c);
    case SYS_openat:
      if (is_mark((const char *)b) && (c & O_CREAT) == 0) {
        return input_byte(&simulation.input) == 0xff ? FIRST_DESCRIPTOR : -ENOENT;
      }
      /* fall through */
    case SYS_epoll_create1:
    case SYS_socket: return input_byte(&simulation.input) == 0xff ? -EMFILE : FIRST_DESCRIPTOR;
    case SYS_getcwd: return -ENOENT;
    case SYS_lseek: return (long)input_integer(&simulation.input, 4);
    case SYS_clock_gettime: /* a millisecond for each call */
      *(struct timespec *)b =
          (struct timespec){.tv_sec = (time_t)(simulation.calls / 1000),
                            .tv_nsec = (long)(simulation.calls % 1000) * 1000000};
      return 0;
    case SYS_epoll_wait: return trouble() == -EINTR ? -EINTR : 0;
    case SYS_epoll_ctl: return 0;
    case SYS_clock_nanosleep: return trouble() == -EINTR ? -EINTR : 0;
    case SYS_getppid:
    case SYS_getpid: return 100;
    case SYS_close: expect_descriptor(a); return 0;
    case SYS_ioctl: *(int *)c = (int)input_byte(&simulation.input); return 0;
    case SYS_rt_sigaction:
    case SYS_rt_sigprocmask: return 0;
    case SYS_prlimit64:
    case SYS_prctl:
    case SYS_setsockopt:
    case SYS_connect: return 0;
    case SYS_kill: EXPECT(a == 100 && b >= 0 && b <= 64 + 63); return 0;
    case SYS_exit_group: simulation.status = (int)a; longjmp(simulation.end, 1);
    default: fprintf(stderr, "no such call here: %ld (%ld)\n", number, d); abort();
  }
}
