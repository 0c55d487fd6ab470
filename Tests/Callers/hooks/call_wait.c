/* wait: any child, no options. */
#define HOOK "wait"
#define TAKES_PID 0
#define TAKES_OPTIONS 0
#include "wait_cases.h"

#include <sys/resource.h>

static pid_t call(pid_t pid, int *status, int options) {
  (void)pid;
  (void)options;
  return wait(status);
}

int main(void) {
  run_wait_cases();
  return 0;
}
