/* Children that are killed as soon as they were spawned: 20 by posix_spawn, 20 by fork and exec.
 * When it kills, the exec is known to have happened; the new program need not have run at all. */
#include "caller.h"

#include <fcntl.h>
#include <spawn.h>

static void say_all(const char *label, int killed) { say("%s: %d of 20 killed", label, killed); }

int main(void) {
  int killed = 0;
  char word[32];
  char *argv[] = {"sleep", word, NULL};
  for (int i = 0; i < 20; i++) {
    snprintf(word, sizeof word, "10%02d", i);
    pid_t pid;
    if (posix_spawn(&pid, "/bin/sleep", NULL, NULL, argv, environ) != 0)
      give_up("posix_spawn");
    kill(pid, SIGKILL);
    int status = reap(pid);
    killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }
  say_all("posix_spawn", killed);
  killed = 0;
  for (int i = 0; i < 20; i++) {
    snprintf(word, sizeof word, "20%02d", i);
    int ends[2];
    char byte;
    if (pipe2(ends, O_CLOEXEC) < 0)
      give_up("pipe2");
    pid_t pid = fork();
    if (pid == 0) {
      execv("/bin/sleep", argv);
      _exit(99);
    }
    close(ends[1]);
    /* The end of the pipe: the exec closed the child's copy. */
    if (read(ends[0], &byte, 1) != 0)
      give_up("read");
    close(ends[0]);
    kill(pid, SIGKILL);
    int status = reap(pid);
    killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }
  say_all("fork and exec", killed);
  return 0;
}
