#include "events.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "image.h"
#include "report.h"
#include "syscalls.h"

static size_t count_strings(char *const *strings) {
  size_t count = 0;
  while (strings != NULL && strings[count] != NULL) {
    count++;
  }
  return count;
}

static void send_target(struct cmdmox_report *report, const struct cmdmox_target *target) {
  size_t count = count_strings(target->argv);
  cmdmox_message_u32(&report->message, target->flags);
  cmdmox_message_u32(&report->message, (uint32_t)count);
  cmdmox_report_directory(report);
  cmdmox_message_string(&report->message, target->path);
  cmdmox_message_strings(&report->message, target->argv, count);
  cmdmox_report_send(report);
}

void cmdmox_announce_intent(uint64_t intent, const struct cmdmox_target *target, pid_t pid,
                            uint64_t stamp) {
  struct cmdmox_report report;
  uint8_t frame[CMDMOX_HOOK_FRAME];
  cmdmox_report_begin(&report, CMDMOX_KIND_INTENT, stamp, frame, sizeof frame);
  cmdmox_message_u64(&report.message, intent);
  cmdmox_message_u32(&report.message, (uint32_t)pid);
  send_target(&report, target);
}

void cmdmox_announce_failure(uint64_t intent, const struct cmdmox_target *target, int error) {
  struct cmdmox_report report;
  uint8_t frame[CMDMOX_HOOK_FRAME];
  cmdmox_report_begin(&report, CMDMOX_KIND_FAILED, 0, frame, sizeof frame);
  cmdmox_message_u64(&report.message, intent);
  cmdmox_message_u32(&report.message, (uint32_t)error);
  /* The kernel could not read the strings: neither can we. */
  struct cmdmox_target unreadable = {.path = NULL, .argv = NULL, .flags = target->flags};
  send_target(&report, error == EFAULT ? &unreadable : target);
}

static uint64_t microseconds(const struct timeval *time) {
  return (uint64_t)time->tv_sec * 1000000u + (uint64_t)time->tv_usec;
}

void cmdmox_announce_exit(int code) {
  struct rusage usage = {0};
  cmdmox_call(getrusage, RUSAGE_SELF, &usage);
  struct cmdmox_report report;
  uint8_t frame[CMDMOX_HOOK_FRAME];
  cmdmox_report_begin(&report, CMDMOX_KIND_EXIT, 0, frame, sizeof frame);
  cmdmox_message_u32(&report.message, (uint32_t)(code & 0xff));
  cmdmox_message_u64(&report.message, microseconds(&usage.ru_utime));
  cmdmox_message_u64(&report.message, microseconds(&usage.ru_stime));
  cmdmox_message_u64(&report.message, (uint64_t)usage.ru_maxrss);
  cmdmox_report_send(&report);
}

void cmdmox_announce_wait(pid_t child, int status) {
  if (!WIFEXITED(status) && !WIFSIGNALED(status)) {
    return;
  }
  struct cmdmox_report report;
  uint8_t frame[CMDMOX_HOOK_FRAME];
  cmdmox_report_begin(&report, CMDMOX_KIND_WAIT, 0, frame, sizeof frame);
  cmdmox_message_u32(&report.message, (uint32_t)child);
  cmdmox_message_u32(&report.message, (uint32_t)status);
  cmdmox_report_send(&report);
}

void cmdmox_announce_call(uint64_t call, uint64_t begin, const char *command, const int *status) {
  struct cmdmox_report report;
  uint8_t frame[CMDMOX_HOOK_FRAME];
  cmdmox_report_begin(&report, CMDMOX_KIND_CALL, 0, frame, sizeof frame);
  cmdmox_message_u64(&report.message, call);
  cmdmox_message_u64(&report.message, begin);
  cmdmox_message_u32(&report.message, status != NULL ? (uint32_t)*status : 0);
  cmdmox_message_u32(&report.message, (command != NULL ? CMDMOX_CALL_COMMAND : 0) |
                                          (status != NULL ? CMDMOX_CALL_STATUS : 0));
  cmdmox_message_string(&report.message, command);
  cmdmox_report_send(&report);
}

void cmdmox_announce_confinement(uint32_t reason, int failed) {
  struct cmdmox_report report;
  uint8_t frame[CMDMOX_HOOK_FRAME];
  cmdmox_report_begin(&report, CMDMOX_KIND_CONFINED, 0, frame, sizeof frame);
  cmdmox_message_u32(&report.message, reason);
  cmdmox_message_u32(&report.message, failed ? 1 : 0);
  cmdmox_report_send(&report);
}
