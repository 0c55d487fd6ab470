/* A library whose constructor calls hooked functions: it can run before the preload's own.
 *
 * It acts only where EARLY is set, and not in its own children. What it did it says on stdout.
 */
#include "caller.h"

#include <spawn.h>
#include <sys/prctl.h>

__attribute__((constructor)) static void act(void) {
  if (getenv("EARLY") == NULL)
    return;
  unsetenv("EARLY");
  char name[17] = "";
  say_result("early prctl", prctl(PR_GET_NAME, name));
  pid_t pid = 0;
  char *argv[] = {"show", "early posix_spawn", "exit=3", NULL};
  int error = posix_spawn(&pid, getenv("SHOW"), NULL, NULL, argv, environ);
  say("early posix_spawn: %d, %s", error, status_words(reap(pid)));
  pid = fork();
  if (pid == 0) {
    argv[1] = "early execve";
    execve(getenv("SHOW"), argv, environ);
    _exit(99);
  }
  say("early execve: %s", status_words(reap(pid)));
  say("early system: %s", status_words(system("exit 4")));
  FILE *stream = popen("exit 5", "r");
  say("early popen: %s", status_words(stream == NULL ? -1 : pclose(stream)));
  errno = 0;
  say_result("early wait", wait(NULL));
  say_result("early syscall", syscall(-1L));
}
