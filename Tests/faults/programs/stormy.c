/* stormy PROGRAM...: executes PROGRAM in a process of its own, and takes every signal that comes
 * meanwhile: a handler here, ignored there. Ends as PROGRAM does. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void nothing(int number) { (void)number; }

int main(int argc, char **argv) {
  static const int caught[] = {SIGUSR1, SIGALRM, SIGWINCH, SIGCHLD, SIGCONT, SIGURG};
  struct sigaction action = {.sa_handler = nothing};
  for (unsigned i = 0; i < sizeof caught / sizeof *caught; i++) {
    sigaction(caught[i], &action, NULL);
  }
  if (argc < 2) {
    return 64;
  }
  if (write(1, "ready\n", 6) != 6) {
    return 94;
  }
  int status = 0;
  for (int i = 0; i < 30; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      execl("/bin/true", "true", "stormy", (char *)NULL);
      _exit(127);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0) {
      return 93;
    }
  }
  /* What is caught would end the next program. */
  action.sa_handler = SIG_IGN;
  for (unsigned i = 0; i < sizeof caught / sizeof *caught; i++) {
    if (caught[i] != SIGCHLD) {
      sigaction(caught[i], &action, NULL);
    }
  }
  execv(argv[1], argv + 1);
  return 127;
}
