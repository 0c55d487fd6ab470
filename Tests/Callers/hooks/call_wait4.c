/* wait4: one child, with its resource usage. */
#define HOOK "wait4"
#define TAKES_PID 1
#define TAKES_OPTIONS 1
#include "wait_cases.h"

#include <sys/resource.h>

static struct rusage usage;

static pid_t call(pid_t pid, int *status, int options) {
  return wait4(pid, status, options, &usage);
}

int main(void) {
  run_wait_cases();
  say("usage was filled in: %d", usage.ru_maxrss > 0);
  int status = 0;
  pid_t pid = start("no usage wanted", "exit=13");
  say_wait("no usage wanted", pid, wait4(pid, &status, 0, NULL), &status);
  return 0;
}
