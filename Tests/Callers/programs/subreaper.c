/* A process that adopts its descendants' children: it must not find any that it did not start. */
#include "caller.h"

#include <sys/prctl.h>

int main(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1L, 0, 0, 0);
  errno = 0;
  say_result("at the start", waitpid(-1, NULL, WNOHANG));
  say("orphan's parent: %s", status_words(system("(exit 3) & exec /bin/true")));
  int count = 0, status = 0;
  while (wait(&status) > 0)
    count++;
  say("adopted: %d, the last %s", count, status_words(status));
  say_result("at the end", waitpid(-1, NULL, WNOHANG | __WALL));
  return 0;
}
