/* Every way to leave: exit, _exit, _Exit, quick_exit, a return from main, a thread, a signal …
 *
 *   call_leave              runs itself once for each way and says what wait(2) says
 *   call_leave WAY STATUS   leaves that way
 */
#include "caller.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>

static void at_exit(void) { say("  atexit handler"); }
static void at_quick_leave(void) { say("  at_quick_exit handler"); }
static void at_on_exit(int status, void *argument) {
  (void)argument;
  say("  on_exit handler, %d", status);
}

static int status;

static void *leave_by_exit(void *unused) {
  (void)unused;
  exit(status);
}
static void *leave_by_underscore_exit(void *unused) {
  (void)unused;
  _exit(status);
}
static void *leave_by_signal(void *unused) {
  (void)unused;
  kill(getpid(), status);
  return NULL;
}
static void exit_again(void) { _exit(status); }

static void in_thread(void *(*body)(void *)) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, body, NULL) == 0)
    pthread_join(thread, NULL);
}

static int leave(const char *way) {
  if (strcmp(way, "handlers") == 0 || strcmp(way, "quick handlers") == 0) {
    atexit(at_exit);
    on_exit(at_on_exit, NULL);
    at_quick_exit(at_quick_leave);
    way = way[0] == 'q' ? "quick_exit" : "exit";
  }
  /* What stands in stdio's buffer is written by exit and lost by the others. */
  printf("  from stdio's buffer\n");
  if (strcmp(way, "exit") == 0)
    exit(status);
  if (strcmp(way, "_exit") == 0)
    _exit(status);
  if (strcmp(way, "_Exit") == 0)
    _Exit(status);
  if (strcmp(way, "quick_exit") == 0)
    quick_exit(status);
  if (strcmp(way, "exit_group") == 0)
    syscall(SYS_exit_group, status);
  if (strcmp(way, "_exit in atexit") == 0) {
    atexit(exit_again);
    exit(status + 1);
  }
  if (strcmp(way, "exit in a thread") == 0)
    in_thread(leave_by_exit);
  if (strcmp(way, "_exit in a thread") == 0)
    in_thread(leave_by_underscore_exit);
  if (strcmp(way, "signal in a thread") == 0)
    in_thread(leave_by_signal);
  if (strcmp(way, "pthread_exit") == 0)
    pthread_exit(NULL);
  if (strcmp(way, "abort") == 0)
    abort();
  if (strcmp(way, "signal") == 0)
    kill(getpid(), status);
  if (strcmp(way, "closed pipe") == 0) {
    /* Nobody reads: the flush after the last handler is deadly, although exit said 0. */
    int ends[2];
    if (pipe(ends) < 0)
      return 99;
    close(ends[0]);
    dup2(ends[1], 1);
  }
  if (strcmp(way, "daemon") == 0) {
    /* The process that the parent waits for leaves by _exit inside libc; the daemon goes on. */
    fflush(NULL);
    if (daemon(1, 1) < 0)
      return 99;
    _exit(0);
  }
  return status;
}

static void run(const char *way, const char *number) {
  say("%s %s:", way, number);
  pid_t pid = fork();
  if (pid == 0) {
    execl(beside("call_leave"), "call_leave", way, number, (char *)NULL);
    _exit(98);
  }
  say("  %s", status_words(reap(pid)));
}

int main(int argc, char **argv) {
  if (argc == 3) {
    status = atoi(argv[2]);
    return leave(argv[1]);
  }
  const char *ways[] = {"return", "exit", "_exit", "_Exit", "quick_exit", "exit_group"};
  const char *numbers[] = {"0", "1", "255", "256", "-1"};
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
    for (size_t j = 0; j < sizeof numbers / sizeof numbers[0]; j++)
      run(ways[i], numbers[j]);
  run("handlers", "3");
  run("quick handlers", "4");
  run("_exit in atexit", "5");
  run("exit in a thread", "6");
  run("_exit in a thread", "7");
  run("signal in a thread", "15");
  run("pthread_exit", "8");
  run("abort", "0");
  run("signal", "1");
  run("signal", "9");
  run("signal", "11");
  run("signal", "34");
  run("closed pipe", "0");
  run("daemon", "0");
  return 0;
}
