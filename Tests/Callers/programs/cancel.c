/* Threads that are cancelled inside waitpid, wait4, waitid and system; where cancellation is off or
 * deferred and nothing blocks, a hook is no new cancellation point. */
#include "caller.h"

#include <pthread.h>
#include <spawn.h>
#include <sys/prctl.h>

static pid_t child;

static pid_t start_reader(int *keep) {
  int ends[2];
  if (pipe(ends) < 0)
    give_up("pipe");
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[0], 0);
    close(ends[0]);
    close(ends[1]);
    execl("/bin/cat", "cat", "-", (char *)NULL);
    _exit(99);
  }
  close(ends[0]);
  *keep = ends[1];
  return pid;
}

static void *in_waitpid(void *unused) {
  waitpid(child, NULL, 0);
  return unused;
}
static void *in_wait4(void *unused) {
  wait4(child, NULL, 0, NULL);
  return unused;
}
static void *in_waitid(void *unused) {
  siginfo_t info;
  waitid(P_PID, child, &info, WEXITED);
  return unused;
}

static void cancel_in(const char *label, void *(*body)(void *)) {
  int keep = -1;
  child = start_reader(&keep);
  pthread_t thread;
  if (pthread_create(&thread, NULL, body, NULL) != 0)
    give_up("pthread_create");
  pthread_cancel(thread);
  void *result = NULL;
  pthread_join(thread, &result);
  close(keep);
  int status = reap(child);
  say("%s: %s, the child %s", label, result == PTHREAD_CANCELED ? "cancelled" : "not cancelled",
      status_words(status));
}

static void *in_system(void *unused) {
  if (system("exec cat fifo") < 0)
    say("system failed");
  return unused;
}

/* With a cancellation pending, calls that are no cancellation points must return. */
static void *not_a_point(void *unused) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  pthread_cancel(pthread_self());
  pid_t pid = 0;
  char *argv[] = {"show", "quiet", "pending cancellation", "exit=3", NULL};
  posix_spawn(&pid, beside("show"), NULL, NULL, argv, environ);
  int status = reap(pid);
  char *nothing[] = {"nothing", NULL};
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
  execv("/nonexistent/program", nothing);
  prctl(PR_GET_DUMPABLE);
  /* Writing would be a point. */
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  say("still here: %s", status_words(status));
  return unused;
}

int main(void) {
  cancel_in("waitpid", in_waitpid);
  cancel_in("wait4", in_wait4);
  cancel_in("waitid", in_waitid);
  pthread_t thread;
  if (pthread_create(&thread, NULL, not_a_point, NULL) != 0)
    give_up("pthread_create");
  void *result = NULL;
  pthread_join(thread, &result);
  say("not a point: %s", result == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
  if (system("mkfifo fifo") != 0)
    give_up("mkfifo");
  pthread_create(&thread, NULL, in_system, NULL);
  pthread_cancel(thread);
  pthread_join(thread, &result);
  say("system: %s", result == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
  errno = 0;
  say_result("children left", wait(NULL));
  return 0;
}
