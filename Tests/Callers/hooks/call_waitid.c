/* waitid: fills in a siginfo_t, looks without reaping (WNOWAIT), takes a pidfd. */
#define HOOK "waitid"
#define TAKES_PID 1
#define TAKES_OPTIONS 1
#include "wait_cases.h"

#include <sys/syscall.h>

/* The wait status that a siginfo_t stands for. */
static int status_of(const siginfo_t *info) {
  switch (info->si_code) {
    case CLD_EXITED: return info->si_status << 8;
    case CLD_KILLED: return info->si_status;
    case CLD_DUMPED: return info->si_status | 0x80;
    case CLD_CONTINUED: return 0xffff;
    default: return (info->si_status << 8) | 0x7f;
  }
}

static pid_t call(pid_t pid, int *status, int options) {
  siginfo_t info = {0};
  int kinds = options & (WUNTRACED | WCONTINUED) ? options : options | WEXITED;
  int result = waitid(pid == -1 ? P_ALL : P_PID, pid == -1 ? 0 : (id_t)pid, &info, kinds);
  if (result < 0 || info.si_pid == 0)
    return result;
  if (status != NULL)
    *status = status_of(&info);
  return info.si_pid;
}

int main(void) {
  run_wait_cases();
  siginfo_t info = {0};
  pid_t pid = start("WNOWAIT", "exit=14");
  for (int i = 0; i < 2; i++) {
    int result = waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
    say("WNOWAIT: %d, %s", result, status_words(status_of(&info)));
  }
  say("then for good: %d", waitid(P_PID, pid, &info, WEXITED));
  say_result("and once more", waitid(P_PID, pid, &info, WEXITED));
  pid = start("NULL infop", "exit=15");
  say_result("NULL infop", waitid(P_PID, pid, NULL, WEXITED));
  pid = start("pidfd", "exit=16");
  int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  int result = waitid(P_PIDFD, fd, &info, WEXITED);
  say("pidfd: %d, %s", result, status_words(status_of(&info)));
  pid = start("group", "exit=17");
  result = waitid(P_PGID, getpgrp(), &info, WEXITED);
  say("group: %d, %s", result, status_words(status_of(&info)));
  say_result("no kind of change", waitid(P_ALL, 0, &info, 0));
  return 0;
}
