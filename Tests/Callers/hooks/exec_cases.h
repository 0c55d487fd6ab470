/* The cases that every function of the exec and spawn families goes through.
 *
 * The including file defines, before it includes this:
 *   HOOK       the function's name, a string
 *   SEARCHES   1 where the function looks the name up in PATH
 *   TAKES_ENV  1 where the function takes an environment, 0 where it uses environ
 *   static int call(const char *file, char *const argv[], char *const envp[], pid_t *pid)
 *     calls the function. An exec returns only on failure: the errno, and leaves *pid at 0. A spawn
 *     sets *pid and returns the error number.
 */
#ifndef EXEC_CASES_H
#define EXEC_CASES_H

#include "caller.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

#define WORDS(...) \
  (char *const[]) { __VA_ARGS__, NULL }

static int call(const char *file, char *const argv[], char *const envp[], pid_t *pid);

static char show_path[4096];

/* Runs one case in a child (exec) or from here (spawn), and says how it ended. */
static void run(const char *label, const char *file, char *const argv[], char *const envp[]) {
#if SPAWNS
  pid_t pid = 0;
  errno = 123;
  int error = call(file, argv, envp, &pid);
  int after = errno;
  if (error != 0) {
    say("%s: returned %s, errno %d", label, strerrorname_np(error), after);
    return;
  }
#else
  pid_t pid = fork();
  if (pid == 0) {
    pid_t unused = 0;
    int error = call(file, argv, envp, &unused);
    say("%s: %s failed with %s", label, HOOK, strerrorname_np(error));
    _exit(99);
  }
#endif
  int status = reap(pid);
  say("%s: %s", label, status_words(status));
}

static void make_file(const char *path, const char *text, int mode) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (fd < 0 || write(fd, text, strlen(text)) < 0 || fchmod(fd, mode) < 0 || close(fd) < 0)
    give_up(path);
}

static void run_successes(void) {
  run("success", show_path, WORDS("show", "success"), environ);
  run("status", show_path, WORDS("show", "status", "exit=7"), environ);
  run("signal", show_path, WORDS("show", "signal", "kill=15"), environ);
  run("argv0", show_path, WORDS("another name", "argv0"), environ);
  run("words", show_path, WORDS("show", "words", "", " ", "a\nb", "ümlaut", "\xff\xfe", "'\"\\$"),
      environ);
  static char large[131072];
  memset(large, 'x', sizeof large - 1);
  run("large", show_path, WORDS("show", "large", large), environ);
}

static void run_environments(void) {
  run("inherited", show_path, WORDS("show", "inherited", "env"), environ);
  run("empty", show_path, WORDS("show", "empty", "env=all"), (char *[]){NULL});
  run("ordered", show_path, WORDS("show", "ordered", "env=all"),
      (char *[]){"B=2", "A=1", "B=3", "odd", "=weird", "N=a\nb", "Z=\xff", NULL});
}

static void run_failures(void) {
  make_file("plain", "exit 6\n", 0644);
  make_file("noformat", "exit 6\n", 0755);
  if (symlink("circle", "circle") < 0)
    give_up("symlink");
  run("ENOENT", "/nonexistent/program", WORDS("program", "ENOENT"), environ);
  run("EACCES", "./plain", WORDS("plain", "EACCES"), environ);
  run("directory", "/usr/bin/..", WORDS("..", "directory"), environ);
  run("ENOTDIR", "./plain/program", WORDS("program", "ENOTDIR"), environ);
  run("ELOOP", "./circle", WORDS("circle", "ELOOP"), environ);
  run("noformat", "./noformat", WORDS("noformat", "ENOEXEC"), environ);
  run("no name", "", WORDS("nothing", "no name"), environ);
  static char too_large[131073];
  memset(too_large, 'x', sizeof too_large - 1);
  run("E2BIG", show_path, WORDS("show", "E2BIG", too_large), environ);
}

/* PATH is set to folders that hold nothing, a file that may not be executed, then the program. */
static void run_searches(void) {
  char folder[4096], path[8192];
  snprintf(folder, sizeof folder, "%s", show_path);
  *strrchr(folder, '/') = '\0';
  mkdir("forbidden", 0755);
  make_file("forbidden/show", "not executable", 0644);
  mkdir("found", 0755);
  make_file("found/script", "exit \"$1\"\n", 0755);
  make_file("found/plain", "", 0644);
  snprintf(path, sizeof path, "/nonexistent:forbidden:%s:found", folder);
  char *kept = strdup(getenv("PATH"));
  setenv("PATH", path, 1);
  run("found", "show", WORDS("show", "found"), environ);
  run("not found", "no-such-program", WORDS("no-such-program", "not found"), environ);
  run("found forbidden", "plain", WORDS("plain", "found forbidden"), environ);
  run("found without format", "script", WORDS("script", "6", "found without format"), environ);
  setenv("PATH", "/nonexistent::", 1);
  run("in the working directory", "noformat", WORDS("noformat", "working directory"), environ);
  setenv("PATH", "", 1);
  run("empty PATH", "noformat", WORDS("noformat", "empty PATH"), environ);
  unsetenv("PATH");
  run("no PATH", "true", WORDS("true", "no PATH"), environ);
  setenv("PATH", kept, 1);
  free(kept);
}

static void *spawn_in_thread(void *argument) {
  long number = (long)argument;
  char status[16], word[32];
  for (int i = 0; i < 5; i++) {
    snprintf(word, sizeof word, "thread-%ld-%d", number, i);
    snprintf(status, sizeof status, "exit=%ld", number * 10 + i);
    char *const argv[] = {"show", "quiet", word, status, NULL};
    pid_t pid = 0;
#if SPAWNS
    if (call(show_path, argv, environ, &pid) != 0)
      return (void *)1;
#else
    pid = fork();
    if (pid == 0) {
      call(show_path, argv, environ, &pid);
      _exit(99);
    }
#endif
    int found = reap(pid);
    if (!WIFEXITED(found) || WEXITSTATUS(found) != number * 10 + i)
      return (void *)1;
  }
  return NULL;
}

static void run_threads(void) {
  pthread_t threads[4];
  long wrong = 0;
  for (long i = 0; i < 4; i++)
    if (pthread_create(&threads[i], NULL, spawn_in_thread, (void *)i) != 0)
      give_up("pthread_create");
  for (int i = 0; i < 4; i++) {
    void *result = NULL;
    pthread_join(threads[i], &result);
    wrong += (long)result;
  }
  say("threads: %ld wrong", wrong);
}

#if !SPAWNS
/* A vfork child shares this memory until it executes: nothing here may change under the parent. */
static void run_vforks(void) {
  volatile int canary = 1;
  pid_t pid = vfork();
  if (pid == 0) {
    pid_t unused = 0;
    call(show_path, WORDS("show", "vfork"), environ, &unused);
    _exit(99);
  }
  say("vfork: %s, canary %d", status_words(reap(pid)), canary);
  errno = 0;
  pid = vfork();
  if (pid == 0) {
    pid_t unused = 0;
    call("/nonexistent/program", WORDS("program", "vfork fails"), environ, &unused);
    _exit(99);
  }
  say("vfork fails: %s, canary %d", status_words(reap(pid)), canary);
}
#endif

static void run_exec_cases(void) {
  snprintf(show_path, sizeof show_path, "%s", beside("show"));
  run_successes();
  run_environments();
  run_failures();
  if (SEARCHES)
    run_searches();
  run_threads();
#if !SPAWNS
  run_vforks();
#endif
}

#endif
