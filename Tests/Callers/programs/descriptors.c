/* Programs that close descriptors, all of them or the first three, before they spawn.
 *
 *   descriptors all       closes everything above 2
 *   descriptors standard  closes 0, 1 and 2, then spawns and opens files: they must get 0 to 2
 *   descriptors every     closes everything, then leaves with what it found out
 */
#include "caller.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>

static int spawn_show(const char *word) {
  pid_t pid;
  char *argv[] = {"show", "quiet", (char *)word, "exit=3", NULL};
  if (posix_spawn(&pid, beside("show"), NULL, NULL, argv, environ) != 0)
    return -1;
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

static int fork_show(const char *word) {
  pid_t pid = fork();
  if (pid == 0) {
    execl(beside("show"), "show", "quiet", word, "exit=4", (char *)NULL);
    _exit(99);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "all";
  if (strcmp(what, "all") == 0) {
    closefrom(3);
    say("spawned: %d", spawn_show("all spawned"));
    say("forked: %d", fork_show("all forked"));
    say("next descriptor: %d", open("/dev/null", O_RDONLY));
    return 0;
  }
  if (strcmp(what, "standard") == 0) {
    int out = fcntl(1, F_DUPFD, 10);
    close(0);
    close(1);
    close(2);
    int spawned = spawn_show("standard spawned"), forked = fork_show("standard forked");
    int zero = open("zero", O_WRONLY | O_CREAT, 0644);
    int system_status = system("echo to standard output 2>&-");
    int one = open("one", O_WRONLY | O_CREAT, 0644);
    int status = system("echo to the file");
    int two = open("two", O_WRONLY | O_CREAT, 0644);
    dprintf(out, "spawned %d, forked %d, opened %d %d %d, system %d %d\n", spawned, forked, zero,
            one, two, system_status, status);
    return 0;
  }
  closefrom(0);
  int spawned = spawn_show("every spawned"), forked = fork_show("every forked");
  return spawned == 3 && forked == 4 && open("/dev/null", O_RDONLY) == 0 ? 5 : 6;
}
