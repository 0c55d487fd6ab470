/* What the caller programs share: saying what happened, in words that are the same in every run.
 *
 * A caller prints results only, never a process id, an address or a time: its output is compared
 * byte by byte with and without the preload.
 */
#ifndef CALLER_H
#define CALLER_H

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Prints one line with a single write, also in a forked child and in a thread. */
__attribute__((format(printf, 1, 2), unused)) static void say(const char *format, ...) {
  char line[8192];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line - 1, format, arguments);
  va_end(arguments);
  if (length < 0)
    return;
  if (length > (int)sizeof line - 2)
    length = sizeof line - 2;
  line[length++] = '\n';
  if (write(1, line, length) < 0)
    return;
}

/* A wait status in words. */
__attribute__((unused)) static const char *status_words(int status) {
  static _Thread_local char words[64];
  if (WIFEXITED(status))
    snprintf(words, sizeof words, "exited %d", WEXITSTATUS(status));
  else if (WIFSIGNALED(status))
    snprintf(words, sizeof words, "signaled %d", WTERMSIG(status));
  else if (WIFSTOPPED(status))
    snprintf(words, sizeof words, "stopped %d", WSTOPSIG(status));
  else if (WIFCONTINUED(status))
    snprintf(words, sizeof words, "continued");
  else
    snprintf(words, sizeof words, "status %#x", status);
  return words;
}

/* What a call returned, with errno's name where it failed. */
__attribute__((unused)) static void say_result(const char *label, long result) {
  int error = errno;
  if (result == -1)
    say("%s: -1 %s", label, strerrorname_np(error));
  else
    say("%s: %ld", label, result);
  errno = error;
}

/* waitpid for exactly this child. */
__attribute__((unused)) static int reap(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) {
      say("waitpid failed: %s", strerrorname_np(errno));
      return -1;
    }
  }
  return status;
}

/* Runs `body` in a forked child, which leaves with what it returns, and says how it ended. */
__attribute__((unused)) static void in_child(const char *label, int (*body)(void *),
                                             void *context) {
  pid_t pid = fork();
  if (pid == 0)
    _exit(body(context));
  say("%s: %s", label, status_words(reap(pid)));
}

/* Where the other compiled callers lie: the folder of this program. */
__attribute__((unused)) static const char *beside(const char *name) {
  static _Thread_local char path[1024];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length < 0)
    length = 0;
  path[length] = '\0';
  char *slash = strrchr(path, '/');
  size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
  snprintf(path + folder, sizeof path - folder, "%s", name);
  return path;
}

/* Ends the test program with a sentence where something that it needs for itself went wrong. */
__attribute__((unused, noreturn)) static void give_up(const char *what) {
  say("the caller itself failed: %s: %s", what, strerrorname_np(errno));
  exit(90);
}

#endif
