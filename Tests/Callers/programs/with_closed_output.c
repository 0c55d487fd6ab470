/* with_closed_output PROGRAM ARGUMENTS...: runs it with a stdout that nobody reads any more, and
 * leaves as it left: a signal as 128 and its number. */
#include "caller.h"

int main(int argc, char **argv) {
  if (argc < 2)
    return 97;
  int ends[2];
  if (pipe(ends) < 0)
    give_up("pipe");
  close(ends[0]);
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], 1);
    close(ends[1]);
    execvp(argv[1], argv + 1);
    _exit(99);
  }
  int status = reap(pid);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
