/* flags: -static */
/* A static program that starts dynamic ones: no hook is here, only the children's own libraries. */
#include "caller.h"

#include <spawn.h>

int main(int argc, char **argv) {
  char shown[4096];
  snprintf(shown, sizeof shown, "%s", beside("show"));
  pid_t pid = fork();
  if (pid == 0) {
    execl(shown, "show", "below static", "exit=3", (char *)NULL);
    _exit(99);
  }
  say("forked: %s", status_words(reap(pid)));
  char *words[] = {"show", "spawned below static", "kill=15", NULL};
  if (posix_spawn(&pid, shown, NULL, NULL, words, environ) != 0)
    give_up("posix_spawn");
  say("spawned: %s", status_words(reap(pid)));
  say("system: %s", status_words(system("/bin/true; exit 4")));
  pid = fork();
  if (pid == 0) {
    execle(shown, "show", "nothing handed down", "env=all", (char *)NULL, (char *[]){NULL});
    _exit(99);
  }
  say("without environment: %s", status_words(reap(pid)));
  if (argc > 1 && strcmp(argv[1], "replaced") == 0)
    execl(shown, "show", "instead of static", "exit=6", (char *)NULL);
  return 5;
}
