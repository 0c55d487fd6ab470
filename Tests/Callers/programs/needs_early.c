/* flags: -L@ -Wl,--no-as-needed -learly -Wl,-rpath,@ */
/* A program that needs a library whose constructor calls hooked functions. */
#include "caller.h"

int main(void) {
  say("main");
  pid_t pid = fork();
  if (pid == 0) {
    execl(beside("show"), "show", "late", (char *)NULL);
    _exit(99);
  }
  say("late: %s", status_words(reap(pid)));
  return 6;
}
