/* prctl: passes through what it is given; reads, writes, errors. */
#include "caller.h"

#include <sys/prctl.h>

int main(void) {
  char name[17] = "";
  say_result("set name", prctl(PR_SET_NAME, "a name, cut to length"));
  prctl(PR_GET_NAME, name);
  say("name: %s", name);
  int number = 0;
  say_result("set death signal", prctl(PR_SET_PDEATHSIG, SIGUSR1, 0, 0, 0));
  prctl(PR_GET_PDEATHSIG, &number);
  say("death signal: %d", number);
  say_result("dumpable", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
  say_result("keep capabilities", prctl(PR_SET_KEEPCAPS, 1L, 0, 0, 0));
  say_result("kept capabilities", prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
  say_result("unknown option", prctl(0x7ffffff0, 1L, 2L, 3L, 4L));
  say_result("unused argument set", prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 5L));
  say_result("seccomp state", prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
  say_result("seccomp that fails", prctl(PR_SET_SECCOMP, 2L, NULL, 0, 0));
  /* The attempt failed: the program is not confined, and its children are seen. */
  pid_t pid = fork();
  if (pid == 0) {
    execl(beside("show"), "show", "after an attempt", "exit=4", (char *)NULL);
    _exit(99);
  }
  say("after an attempt: %s", status_words(reap(pid)));
  say_result("no new privileges", prctl(PR_SET_NO_NEW_PRIVS, 1L, 0, 0, 0));
  pid = fork();
  if (pid == 0) {
    execl(beside("show"), "show", "no new privileges", "exit=5", (char *)NULL);
    _exit(99);
  }
  say("with no new privileges: %s", status_words(reap(pid)));
  return 0;
}
