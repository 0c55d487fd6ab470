/* Many processes that write events at once, by the preload's own code, of commands that never ran.
 *
 *   writers WRITERS COMMANDS PADDING
 *
 * Each of so many processes tells of its share of the commands by four events: announced, started,
 * left, reaped; it lends them its own pid, one after the other. A start has PADDING bytes of
 * environment, so that it takes several frames. Command N is `load N` and ends with N % 251. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "image.h"
#include "report.h"

enum { STATUSES = 251 };

static uint64_t root_image;
static char *padding;

/* Begins an event that `pid` says, whose image is `image`. */
static void begin(struct cmdmox_report *report, uint8_t kind, uint32_t pid, uint64_t image,
                  uint64_t stamp) {
  static uint8_t frame[CMDMOX_FRAME_MAX];
  cmdmox_image.id = image;
  cmdmox_report_begin(report, kind, stamp, frame, sizeof frame);
  report->message.pid = pid;
}

static void tell_of(uint32_t number) {
  static uint64_t last; /* no event comes before the ones of the command before */
  uint32_t pid = (uint32_t)getpid(), caller = (uint32_t)getppid();
  uint64_t image = (UINT64_C(1) << 40) + number, intent = (UINT64_C(1) << 41) + number;
  uint64_t now = cmdmox_clock(CLOCK_MONOTONIC);
  uint64_t stamp = now > last ? now : last + 1;
  char argument[16];
  snprintf(argument, sizeof argument, "%u", number);
  char *argv[] = {"load", argument};
  struct cmdmox_report report;

  begin(&report, CMDMOX_KIND_INTENT, caller, root_image, stamp);
  cmdmox_message_u64(&report.message, intent);
  cmdmox_message_u32(&report.message, pid);
  cmdmox_message_u32(&report.message, CMDMOX_INTENT_SPAWN);
  cmdmox_message_u32(&report.message, 2);
  cmdmox_message_string(&report.message, "/");
  cmdmox_message_string(&report.message, "/bin/load");
  cmdmox_message_strings(&report.message, argv, 2);
  cmdmox_report_send(&report);

  begin(&report, CMDMOX_KIND_START, pid, image, stamp + 1);
  cmdmox_message_u64(&report.message, root_image);
  cmdmox_message_u64(&report.message, intent);
  cmdmox_message_u64(&report.message, cmdmox_clock(CLOCK_REALTIME));
  cmdmox_message_u32(&report.message, caller);
  cmdmox_message_u32(&report.message, 0);
  cmdmox_message_u32(&report.message, 2);
  cmdmox_message_u32(&report.message, 1);
  cmdmox_message_u32(&report.message, 0);
  cmdmox_message_string(&report.message, "/bin/load");
  cmdmox_message_string(&report.message, "/");
  cmdmox_message_strings(&report.message, argv, 2);
  cmdmox_message_string(&report.message, padding);
  cmdmox_report_send(&report);

  begin(&report, CMDMOX_KIND_EXIT, pid, image, stamp + 2);
  cmdmox_message_u32(&report.message, number % STATUSES);
  for (int i = 0; i < 3; i++) {
    cmdmox_message_u64(&report.message, 0);
  }
  cmdmox_report_send(&report);

  begin(&report, CMDMOX_KIND_WAIT, caller, root_image, stamp + 3);
  cmdmox_message_u32(&report.message, pid);
  cmdmox_message_u32(&report.message, number % STATUSES << 8);
  cmdmox_report_send(&report);
  last = stamp + 3;
}

static _Noreturn void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Waits until the recorder has read everything. */
static void wait_for_reader(void) {
  char path[CMDMOX_SESSION_FILE_MAX];
  cmdmox_session_file(path, CMDMOX_FILE_EVENTS);
  int events = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC), waiting = 0;
  if (events < 0) {
    fail(path);
  }
  while (ioctl(events, FIONREAD, &waiting) == 0 && waiting > 0) {
    usleep(1000);
  }
  close(events);
}

static _Noreturn void write_share(uint32_t first, uint32_t step, uint32_t commands, int begin,
                                  int done, int leave) {
  char byte = 0;
  if (read(begin, &byte, 1) != 0) { /* until all of them are there */
    fail("gate");
  }
  for (uint32_t number = first; number < commands; number += step) {
    tell_of(number);
  }
  /* Whoever looks at this process must find it alive as long as there are events of it to be read.
   */
  if (write(done, &byte, 1) != 1 || read(leave, &byte, 1) != 0) {
    fail("gate");
  }
  _exit(0); /* without the exit handler of the preload, which would speak for the root */
}

int main(int argc, char **argv) {
  if (argc != 4) {
    return 64;
  }
  uint32_t writers = (uint32_t)atoi(argv[1]), commands = (uint32_t)atoi(argv[2]);
  size_t length = (size_t)atoi(argv[3]);
  const char *session = getenv(CMDMOX_ENV_SESSION), *parent = getenv(CMDMOX_ENV_PARENT);
  struct cmdmox_parent root;
  if (session == NULL || parent == NULL || !cmdmox_parent_read(parent, &root)) {
    fprintf(stderr, "this is no session\n");
    return 1;
  }
  root_image = root.image;
  snprintf(cmdmox_image.session, sizeof cmdmox_image.session, "%s=%s", CMDMOX_ENV_SESSION, session);
  padding = malloc(length + 3);
  if (padding == NULL) {
    fail("no memory");
  }
  memset(padding, 'x', length + 2);
  memcpy(padding, "P=", 2);
  padding[length + 2] = '\0';

  int begin[2], done[2], leave[2];
  if (pipe(begin) != 0 || pipe(done) != 0 || pipe(leave) != 0) {
    fail("pipe");
  }
  for (uint32_t writer = 0; writer < writers; writer++) {
    pid_t child = fork();
    if (child < 0) {
      fail("fork");
    }
    if (child == 0) {
      close(begin[1]);
      close(leave[1]);
      write_share(writer, writers, commands, begin[0], done[1], leave[0]);
    }
  }
  close(begin[1]);
  char byte;
  for (uint32_t writer = 0; writer < writers; writer++) {
    if (read(done[0], &byte, 1) != 1) {
      fail("a writer has ended");
    }
  }
  wait_for_reader();
  close(leave[1]);
  int failed = 0, status;
  while (wait(&status) > 0) {
    failed |= status;
  }
  return failed != 0;
}
