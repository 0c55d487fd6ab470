/* wait3: any child, with its resource usage. */
#define HOOK "wait3"
#define TAKES_PID 0
#define TAKES_OPTIONS 1
#include "wait_cases.h"

#include <sys/resource.h>

static struct rusage usage;

static pid_t call(pid_t pid, int *status, int options) {
  (void)pid;
  return wait3(status, options, &usage);
}

int main(void) {
  run_wait_cases();
  say("usage was filled in: %d", usage.ru_maxrss > 0);
  int status = 0;
  pid_t pid = start("no usage wanted", "exit=13");
  say_wait("no usage wanted", pid, wait3(&status, 0, NULL), &status);
  return 0;
}
