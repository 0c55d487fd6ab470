/* waitpid: also by process group, and for any child. */
#define HOOK "waitpid"
#define TAKES_PID 1
#define TAKES_OPTIONS 1
#include "wait_cases.h"

#include <sys/resource.h>

static pid_t call(pid_t pid, int *status, int options) { return waitpid(pid, status, options); }

int main(void) {
  run_wait_cases();
  int status = 0;
  pid_t pid = start("own group", "exit=10");
  say_wait("own group", pid, waitpid(0, &status, 0), &status);
  pid = start("any child", "exit=11");
  say_wait("any child", pid, waitpid(-1, &status, 0), &status);
  pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    execl(beside("show"), "show", "quiet", "other group", "exit=12", (char *)NULL);
    _exit(99);
  }
  setpgid(pid, pid);
  say_wait("other group", pid, waitpid(-pid, &status, 0), &status);
  say_wait("not a child", 0, waitpid(1, &status, 0), &status);
  return 0;
}
