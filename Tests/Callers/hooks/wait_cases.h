/* The cases that every wait function goes through.
 *
 * The including file defines
 *   HOOK
 *   static pid_t call(pid_t pid, int *status, int options)
 *     calls the function as far as it can: one that takes no pid waits for any child, one that
 *     takes no options does not get any.
 *   TAKES_PID, TAKES_OPTIONS
 */
#ifndef WAIT_CASES_H
#define WAIT_CASES_H

#include "caller.h"

#include <sys/time.h>

static pid_t call(pid_t pid, int *status, int options);

/* A child that executes `show` with these words; it is there, whether or not it has ended. */
static pid_t start(const char *word, const char *end) {
  pid_t pid = fork();
  if (pid == 0) {
    execl(beside("show"), "show", "quiet", word, end, (char *)NULL);
    _exit(99);
  }
  return pid;
}

/* Blocks until the child has ended, and leaves it there to be reaped. */
static void until_ended(pid_t pid) {
  siginfo_t info;
  while (waitid(P_PID, pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
}

/* The status comes as a pointer: it is looked at after the call that stands beside it. */
static void say_wait(const char *label, pid_t pid, pid_t returned, const int *status) {
  if (returned < 0)
    say("%s: -1 %s", label, strerrorname_np(errno));
  else if (returned == 0)
    say("%s: 0", label);
  else
    say("%s: %s, %s", label, returned == pid ? "the child" : "another", status_words(*status));
}

static volatile sig_atomic_t alarms;
static void count_alarm(int number) {
  (void)number;
  alarms++;
}

/* A child that executes a shell and lives until it is killed: it reads a pipe that stays empty.
 * It is a shell already when this returns. */
static pid_t start_endless(const char *word) {
  int empty[2], ready[2];
  if (pipe(empty) < 0 || pipe(ready) < 0)
    give_up("pipe");
  pid_t pid = fork();
  if (pid == 0) {
    dup2(empty[0], 0);
    dup2(ready[1], 1);
    execl("/bin/sh", "sh", "-c", "echo; read line", word, (char *)NULL);
    _exit(99);
  }
  char byte;
  close(ready[1]);
  if (read(ready[0], &byte, 1) != 1)
    give_up("read");
  close(empty[0]);
  close(ready[0]);
  return pid;
}

static void run_stops(void) {
  pid_t pid = start_endless("stopped");
  int status = 0;
  kill(pid, SIGSTOP);
  say_wait("stopped", pid, call(pid, &status, WUNTRACED), &status);
  kill(pid, SIGCONT);
  say_wait("continued", pid, call(pid, &status, WCONTINUED), &status);
  kill(pid, SIGTERM);
  say_wait("then killed", pid, call(pid, &status, 0), &status);
}

static void run_interrupted(void) {
  pid_t pid = start_endless("interrupted");
  struct sigaction action = {.sa_handler = count_alarm};
  sigaction(SIGALRM, &action, NULL);
  /* Armed twice a hundredth of a second: the signal can come before the wait begins. */
  struct itimerval often = {{0, 10000}, {0, 10000}}, never = {{0, 0}, {0, 0}};
  int status = 77;
  setitimer(ITIMER_REAL, &often, NULL);
  pid_t returned = call(pid, &status, 0);
  int error = errno;
  setitimer(ITIMER_REAL, &never, NULL);
  say("interrupted: %d %s, status %d, a signal came: %d", returned, strerrorname_np(error), status,
      alarms > 0);
  kill(pid, SIGKILL);
  say_wait("then SIGKILL", pid, call(pid, &status, 0), &status);
}

static void run_wait_cases(void) {
  int status = 77;
  pid_t pid = start("exited", "exit=5");
  say_wait("exited", pid, call(pid, &status, 0), &status);
  pid = start("signaled", "kill=15");
  say_wait("signaled", pid, call(pid, &status, 0), &status);
  pid = start("NULL status", "exit=6");
  say("NULL status: %s", call(pid, NULL, 0) == pid ? "the child" : "another");
  pid = start("already ended", "exit=8");
  until_ended(pid);
  say_wait("already ended", pid, call(pid, &status, 0), &status);
  errno = 0;
  status = 77;
  say_wait("no child", 0, call(-1, &status, 0), &status);
  say("status of no child: %d", status);
  if (TAKES_OPTIONS) {
    pid = start_endless("WNOHANG");
    status = 77;
    say_wait("WNOHANG", pid, call(pid, &status, WNOHANG), &status);
    say("status after WNOHANG: %d", status);
    kill(pid, SIGUSR1);
    until_ended(pid);
    say_wait("WNOHANG when ended", pid, call(pid, &status, WNOHANG), &status);
    run_stops();
    say_wait("bad options", 0, call(-1, &status, 0x4000000), &status);
  }
  run_interrupted();
  pid = fork();
  if (pid == 0)
    _exit(9);
  say_wait("a child that did not execute", pid, call(pid, &status, 0), &status);
}

#endif
