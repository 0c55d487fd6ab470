/* Threads with the smallest stack, and a signal handler on a small stack of its own, that start
 * processes: what a hook needs of the stack is bounded. */
#include "caller.h"

#include <limits.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/mman.h>

static char show_path[4096];

static void *spawn_it(void *word) {
  pid_t pid = 0;
  char *argv[] = {"show", "quiet", word, "exit=3", NULL};
  if (posix_spawnp(&pid, show_path, NULL, NULL, argv, environ) != 0)
    return (void *)-1L;
  int status = 0;
  waitpid(pid, &status, 0);
  return (void *)(long)status;
}

static void *execute_it(void *word) {
  char *argv[] = {"show", "quiet", word, "exit=3", NULL};
  pid_t pid = vfork();
  if (pid == 0) {
    execvp(show_path, argv);
    _exit(99);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return (void *)(long)status;
}

static void *fail(void *word) {
  char *argv[] = {word, NULL};
  execvp("no-such-program", argv);
  return (void *)(long)(errno == ENOENT ? 3 << 8 : errno);
}

/* A stack of 16 KiB whose lower neighbour may not be touched. */
static void on_small_stack(const char *label, void *(*body)(void *)) {
  enum { GUARD = 4096 * 16 };
  size_t size = PTHREAD_STACK_MIN;
  char *memory = mmap(NULL, GUARD + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED || mprotect(memory + GUARD, size, PROT_READ | PROT_WRITE) < 0)
    give_up("mmap");
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, memory + GUARD, size);
  pthread_t thread;
  if (pthread_create(&thread, &attributes, body, (void *)label) != 0)
    give_up("pthread_create");
  void *result = NULL;
  pthread_join(thread, &result);
  say("%s: %s", label, status_words((int)(long)result));
}

static volatile long handled = -1;
static void spawn_in_handler(int number) {
  (void)number;
  handled = (long)execute_it("on a signal stack");
}

static void large_environment(void) {
  static char value[100000];
  memset(value, 'x', sizeof value - 1);
  setenv("LARGE", value, 1);
  for (int i = 0; i < 500; i++) {
    char name[32];
    snprintf(name, sizeof name, "MANY_%d", i);
    setenv(name, "1", 1);
  }
}

int main(void) {
  snprintf(show_path, sizeof show_path, "%s", beside("show"));
  on_small_stack("posix_spawnp", spawn_it);
  on_small_stack("execvp", execute_it);
  on_small_stack("execvp fails", fail);
  stack_t stack = {.ss_sp = malloc(16384), .ss_size = 16384};
  sigaltstack(&stack, NULL);
  struct sigaction action = {.sa_handler = spawn_in_handler, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);
  say("on a signal stack: %s", status_words((int)handled));
  large_environment();
  on_small_stack("posix_spawnp, large", spawn_it);
  on_small_stack("execvp, large", execute_it);
  raise(SIGUSR1);
  say("on a signal stack, large: %s", status_words((int)handled));
  return 0;
}
