/* Starts two programs and says how they ended, quietly: for copies with other rights.
 *
 *   starter STATUS   the users it runs as are printed, then it leaves with STATUS
 */
#include "caller.h"

int main(int argc, char **argv) {
  say("real %d, effective %d", (int)getuid(), (int)geteuid());
  pid_t pid = fork();
  if (pid == 0) {
    execl("/bin/true", "true", "started", (char *)NULL);
    _exit(99);
  }
  say("started: %s", status_words(reap(pid)));
  say("system: %s", status_words(system("exit 3")));
  return argc > 1 ? atoi(argv[1]) : 0;
}
