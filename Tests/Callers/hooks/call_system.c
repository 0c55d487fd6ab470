/* system: statuses, the signals that it ignores and blocks, several threads at once. */
#include "caller.h"

#include <pthread.h>

static void run(const char *label, const char *command) {
  errno = 0;
  int status = system(command);
  if (status == -1)
    say("%s: -1 %s", label, strerrorname_np(errno));
  else
    say("%s: %s", label, status_words(status));
}

static volatile sig_atomic_t interrupts;
static void count_interrupt(int number) {
  (void)number;
  interrupts++;
}

static void *one_of_many(void *argument) {
  long number = (long)argument;
  char command[64];
  long wrong = 0;
  for (int i = 0; i < 3; i++) {
    snprintf(command, sizeof command, "exit %ld # thread %ld-%d", number * 10 + i, number, i);
    int status = system(command);
    wrong += !WIFEXITED(status) || WEXITSTATUS(status) != number * 10 + i;
  }
  return (void *)wrong;
}

static void run_threads(void) {
  pthread_t threads[6];
  long wrong = 0;
  for (long i = 0; i < 6; i++)
    if (pthread_create(&threads[i], NULL, one_of_many, (void *)i) != 0)
      give_up("pthread_create");
  for (int i = 0; i < 6; i++) {
    void *result = NULL;
    pthread_join(threads[i], &result);
    wrong += (long)result;
  }
  say("threads: %ld wrong", wrong);
}

static int in_vfork_child_of_system(void *context) {
  (void)context;
  return system("exit 20") == 20 << 8 ? 0 : 99;
}

int main(void) {
  say("a shell is there: %d", system(NULL) != 0);
  run("success", "exit 0");
  run("status", "exit 3");
  run("signal", "kill -9 $$");
  run("not found", "no-such-program-anywhere 2>/dev/null");
  run("output", "echo printed; /bin/echo by a program; exit 0");
  run("two programs", "/bin/true && /bin/false; exit 1");
  run("nothing", "");
  /* The shell becomes the program: one process, two images. */
  run("last command", "exec /bin/sh -c 'exit 4'");
  signal(SIGINT, count_interrupt);
  run("SIGINT to the caller", "kill -INT $PPID; exit 5");
  say("interrupts that came through: %d", interrupts);
  run("dispositions", "trap 'echo caught' QUIT; kill -QUIT $$; exit 6");
  setenv("LETTER", "x", 1);
  run("environment", "echo \"letter $LETTER\"");
  signal(SIGCHLD, SIG_IGN);
  run("SIGCHLD ignored", "exit 7");
  signal(SIGCHLD, SIG_DFL);
  run_threads();
  in_child("in a forked child", in_vfork_child_of_system, NULL);
  clearenv();
  run("cleared environment", "/usr/bin/env | grep -v '^PWD='; exit 8");
  environ = NULL;
  run("no environment", "exit 9");
  return 0;
}
