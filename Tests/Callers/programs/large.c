/* Environments and arguments of the largest size that the system takes.
 *
 *   large environment   runs `show` with an environment of nearly 2 MB
 *   large limit         finds how many bytes of arguments an exec takes, without and with variables
 *   large exact         runs `show` with exactly that, then with one byte more
 */
#include "caller.h"

#include <sys/resource.h>

/* Runs /bin/true with `total` bytes of arguments in words of up to 100 KB: 0 or the errno. */
static int try_size(const char *file, size_t total, char **envp) {
  static char filler[100001];
  memset(filler, 'x', 100000);
  char *argv[64];
  size_t count = 0;
  argv[count++] = "true";
  char last[100001];
  while (total > 100000) {
    argv[count++] = filler;
    total -= 100000;
  }
  memset(last, 'y', total);
  last[total] = '\0';
  argv[count++] = last;
  argv[count] = NULL;
  int ends[2], error = 0;
  if (pipe2(ends, 02000000) < 0)
    give_up("pipe2");
  pid_t pid = fork();
  if (pid == 0) {
    execve(file, argv, envp);
    error = errno;
    if (write(ends[1], &error, sizeof error) < 0)
      _exit(98);
    _exit(99);
  }
  close(ends[1]);
  if (read(ends[0], &error, sizeof error) <= 0)
    error = 0;
  close(ends[0]);
  reap(pid);
  return error;
}

/* The largest total that runs: found by halving. */
static size_t limit_for(char **envp) {
  size_t works = 1000, fails = 8000000;
  while (fails - works > 1) {
    size_t middle = works + (fails - works) / 2;
    if (try_size("/bin/true", middle, envp) == 0)
      works = middle;
    else
      fails = middle;
  }
  return works;
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "environment";
  if (strcmp(what, "environment") == 0) {
    char *envp[18] = {0};
    for (int i = 0; i < 16; i++) {
      envp[i] = malloc(125001);
      int length = sprintf(envp[i], "LARGE_%02d=", i);
      memset(envp[i] + length, 'a' + i, 125000 - length);
      envp[i][125000] = '\0';
    }
    pid_t pid = fork();
    if (pid == 0) {
      execle(beside("show"), "show", "env=all", (char *)NULL, envp);
      _exit(errno);
    }
    say("large environment: %s", status_words(reap(pid)));
    /* The same, by way of a shell: this program's own environment is large then. */
    environ = envp;
    char command[5000];
    snprintf(command, sizeof command, "'%s' quiet; exit 3", beside("show"));
    say("system: %s", status_words(system(command)));
    return 0;
  }
  /* A quarter of the stack's limit: 1 MB makes the search quick. */
  struct rlimit stack;
  getrlimit(RLIMIT_STACK, &stack);
  stack.rlim_cur = 1 << 20;
  setrlimit(RLIMIT_STACK, &stack);
  char *none[] = {NULL};
  char *few[] = {"A=1", "LD_PRELOAD=", "B=2", NULL};
  size_t exact = limit_for(none);
  if (strcmp(what, "limit") == 0) {
    say("without an environment: %zu", exact);
    say("with a small environment: %zu", limit_for(few));
    return 0;
  }
  say("exactly the limit: %s", strerrorname_np(try_size("/bin/true", exact, none)));
  say("one byte more: %s", strerrorname_np(try_size("/bin/true", exact + 1, none)));
  return 0;
}
