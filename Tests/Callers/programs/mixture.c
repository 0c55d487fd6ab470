/* Eight threads that start processes in different ways at the same time; every child has a status
 * of its own, and every thread must get its own children's. */
#include "caller.h"

#include <pthread.h>
#include <spawn.h>

enum { THREADS = 8, ROUNDS = 4 };

static int by_spawn(char *const argv[]) {
  pid_t pid;
  if (posix_spawn(&pid, beside("show"), NULL, NULL, argv, environ) != 0)
    return -1;
  return reap(pid);
}

static int by_fork(char *const argv[]) {
  pid_t pid = fork();
  if (pid == 0) {
    execv(beside("show"), argv);
    _exit(99);
  }
  return reap(pid);
}

static int by_vfork(char *const argv[]) {
  char path[4096];
  snprintf(path, sizeof path, "%s", beside("show"));
  pid_t pid = vfork();
  if (pid == 0) {
    execve(path, argv, environ);
    _exit(99);
  }
  return reap(pid);
}

static int by_system(const char *word, int number) {
  char command[64];
  snprintf(command, sizeof command, ": %s; exit %d", word, number);
  return system(command);
}

static int by_popen(const char *word, int number) {
  char command[64];
  snprintf(command, sizeof command, ": %s; exit %d", word, number);
  FILE *stream = popen(command, "r");
  return stream == NULL ? -1 : pclose(stream);
}

static void *start_processes(void *argument) {
  long thread = (long)argument, wrong = 0;
  char word[32], status[32];
  for (int round = 0; round < ROUNDS; round++) {
    int number = (int)thread * ROUNDS + round + 1;
    snprintf(word, sizeof word, "mixture-%d", number);
    snprintf(status, sizeof status, "exit=%d", number);
    char *argv[] = {"show", "quiet", word, status, NULL};
    int found = 0;
    switch (thread % 5) {
      case 0: found = by_spawn(argv); break;
      case 1: found = by_fork(argv); break;
      case 2: found = by_vfork(argv); break;
      case 3: found = by_system(word, number); break;
      default: found = by_popen(word, number);
    }
    wrong += !WIFEXITED(found) || WEXITSTATUS(found) != number;
  }
  return (void *)wrong;
}

int main(void) {
  pthread_t threads[THREADS];
  long wrong = 0;
  for (long i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], NULL, start_processes, (void *)i) != 0)
      give_up("pthread_create");
  for (int i = 0; i < THREADS; i++) {
    void *result = NULL;
    pthread_join(threads[i], &result);
    wrong += (long)result;
  }
  say("wrong statuses: %ld", wrong);
  errno = 0;
  say_result("children left", wait(NULL));
  return 0;
}
