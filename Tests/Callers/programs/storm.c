/* Signals every 200 microseconds whose handler jumps out of whatever runs, while processes are
 * spawned and waited for: no descriptor may be left open by a hook that was left in the middle.
 *
 *   storm        the storm
 *   storm leak   leaves one descriptor open on purpose, to show that the probe sees it
 */
#include "caller.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <sys/time.h>

static sigjmp_buf back;
static volatile sig_atomic_t armed, jumps;

static void jump(int number) {
  (void)number;
  if (!armed)
    return;
  armed = 0;
  jumps++;
  siglongjmp(back, 1);
}

static int open_descriptors(void) {
  int count = 0;
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL)
    give_up("opendir");
  while (readdir(folder) != NULL)
    count++;
  closedir(folder);
  return count;
}

int main(int argc, char **argv) {
  (void)argv;
  char *show[] = {"show", "quiet", NULL};
  char *nothing[] = {"no-such-program", NULL};
  char path[4096];
  snprintf(path, sizeof path, "%s", beside("show"));
  struct sigaction action = {.sa_handler = jump};
  sigaction(SIGALRM, &action, NULL);
  int before = open_descriptors();
  struct itimerval often = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &often, NULL);
  for (volatile int i = 0; i < 300; i++) {
    if (sigsetjmp(back, 1) == 0) {
      armed = 1;
      /* Not spawn: a jump out of libc's own posix_spawn loses its stack, with and without us. */
      execve("/nonexistent/program", nothing, environ);
      execvp("no-such-program", nothing);
      waitpid(-1, NULL, WNOHANG);
    }
    armed = 0;
    pid_t pid = fork();
    if (pid == 0) {
      setitimer(ITIMER_REAL, &never, NULL);
      execve(path, show, environ);
      _exit(99);
    }
    if (sigsetjmp(back, 1) == 0) {
      armed = 1;
      waitpid(pid, NULL, 0);
    }
    armed = 0;
  }
  setitimer(ITIMER_REAL, &never, NULL);
  while (wait(NULL) > 0 || errno == EINTR) {
  }
  if (argc > 1 && open("/dev/null", O_RDONLY) < 0)
    give_up("open");
  say("descriptors left open: %d", open_descriptors() - before);
  say("jumped: %s", jumps > 0 ? "yes" : "no");
  sigset_t mask;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  say("signals blocked: %d", !sigisemptyset(&mask));
  return 0;
}
