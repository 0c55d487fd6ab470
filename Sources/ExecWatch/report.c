#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <kernel_calls.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As long as the preload waits, and by the same rule: the first that has waited marks the session
 * as stalled, and others that find the pipe full do not wait at all. */
enum { STALL_MILLISECONDS = 2000 };

bool report_open(struct report *report, const char *folder, int stop) {
  char path[PATH_MAX];
  *report = (struct report){.pipe = -1, .stop = stop};
  int length = snprintf(path, sizeof path, "%s/" CMDMOX_FILE_EVENTS, folder);
  if (length >= (int)sizeof path) {
    errno = ENAMETOOLONG;
    return false;
  }
  if (kernel_random(&report->seed, sizeof report->seed) != 0) {
    return false;
  }
  snprintf(report->stalled, sizeof report->stalled, "%s/" CMDMOX_FILE_STALLED, folder);
  report->pipe = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  return report->pipe >= 0;
}

void report_close(struct report *report) {
  if (report->pipe >= 0) {
    close(report->pipe);
  }
}

/* The finalizer of SplitMix64: a bijection. */
uint64_t report_id(struct report *report) {
  uint64_t value = report->seed + ++report->count;
  value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
  value ^= value >> 31;
  return value != 0 ? value : report_id(report);
}

static bool wait_for_room(struct report *report) {
  if (access(report->stalled, F_OK) == 0) {
    return false;
  }
  struct pollfd watched[] = {{.fd = report->pipe, .events = POLLOUT},
                             {.fd = report->stop, .events = POLLIN}};
  if (poll(watched, 2, STALL_MILLISECONDS) > 0) {
    return watched[1].revents == 0 && (watched[0].revents & POLLERR) == 0;
  }
  int mark = open(report->stalled, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (mark >= 0) {
    close(mark);
  }
  return false;
}

static bool deliver(void *context, const uint8_t *frame, size_t length) {
  struct report *report = context;
  for (;;) {
    ssize_t written = write(report->pipe, frame, length);
    if (written == (ssize_t)length) {
      return true;
    }
    if (written >= 0 || errno != EAGAIN || !wait_for_room(report)) {
      return false;
    }
  }
}

bool report_exec(struct report *report, uint64_t exec, uint64_t stamp, const struct caller *caller,
                 const struct program *program, const struct arguments *arguments, uint32_t flags) {
  struct cmdmox_message message = {.deliver = deliver, .context = report};
  cmdmox_message_begin(&message, CMDMOX_KIND_SEEN, caller->pid, report_id(report), report->frame,
                       sizeof report->frame);
  cmdmox_message_u64(&message, exec);
  cmdmox_message_u64(&message, stamp);
  cmdmox_message_u32(&message, caller->pid);
  cmdmox_message_u32(&message, caller->ppid);
  cmdmox_message_u32(&message, caller->ancestor);
  cmdmox_message_u32(&message, caller->self);
  cmdmox_message_u64(&message, caller->namespace);
  cmdmox_message_u64(&message, caller->image);
  cmdmox_message_u32(&message, flags);
  cmdmox_message_u32(&message, program->mode);
  cmdmox_message_u32(&message, arguments->argc);
  cmdmox_message_u32(&message, arguments->envc);
  cmdmox_message_u32(&message, (uint32_t)program->length);
  cmdmox_message_bytes(&message, program->head, program->length);
  cmdmox_message_string(&message, caller->cwd);
  cmdmox_message_string(&message, arguments->path);
  cmdmox_message_bytes(&message, arguments->strings, arguments->length);
  return cmdmox_message_end(&message);
}
