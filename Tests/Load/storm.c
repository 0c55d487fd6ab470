/* Real processes, many at once.
 *
 *   storm WORKERS COMMANDS LEAF
 *
 * So many processes spawn and reap their share of the commands `LEAF N`, one after the other. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
  if (argc != 4) {
    return 64;
  }
  int workers = atoi(argv[1]), commands = atoi(argv[2]);
  for (int worker = 0; worker < workers; worker++) {
    pid_t child = fork();
    if (child < 0) {
      perror("fork");
      return 1;
    }
    for (int number = worker; child == 0 && number < commands; number += workers) {
      char argument[16];
      snprintf(argument, sizeof argument, "%d", number);
      char *words[] = {"leaf", argument, NULL};
      pid_t pid;
      int status;
      if (posix_spawn(&pid, argv[3], NULL, NULL, words, environ) != 0 ||
          waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
          WEXITSTATUS(status) != number % 251) {
        _exit(1);
      }
    }
    if (child == 0) {
      _exit(0);
    }
  }
  int failed = 0, status;
  while (wait(&status) > 0) {
    failed |= status;
  }
  return failed != 0;
}
