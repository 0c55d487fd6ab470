/* chroot: fails, and works where this is root; then runs a program of the new root. */
#include "caller.h"

#include <sys/stat.h>

static int below_new_root(void *context) {
  (void)context;
  mkdir("root", 0755);
  char command[8192];
  snprintf(command, sizeof command, "cp '%s' root/show_static", beside("show_static"));
  if (system(command) != 0)
    return 97;
  if (chroot("root") < 0 || chdir("/") < 0)
    return errno == EPERM ? 96 : 95;
  pid_t pid = fork();
  if (pid == 0) {
    execl("/show_static", "show_static", "below the new root", "exit=4", (char *)NULL);
    _exit(99);
  }
  int status = reap(pid);
  say("below the new root: %s", status_words(status));
  execl("/no-such-program", "no-such-program", (char *)NULL);
  return 5;
}

int main(void) {
  errno = 0;
  say_result("missing folder", chroot("/nonexistent"));
  say_result("a file", chroot("/proc/self/exe"));
  say_result("NULL", chroot(NULL));
  pid_t pid = fork();
  if (pid == 0) {
    execl(beside("show"), "show", "after an attempt", "exit=3", (char *)NULL);
    _exit(99);
  }
  say("after an attempt: %s", status_words(reap(pid)));
  in_child("confined child", below_new_root, NULL);
  pid = fork();
  if (pid == 0) {
    execl(beside("show"), "show", "beside the confined", "exit=6", (char *)NULL);
    _exit(99);
  }
  say("beside the confined: %s", status_words(reap(pid)));
  pid = fork();
  if (pid == 0) {
    if (chroot("/") < 0)
      say("the same root: %s", strerror(errno));
    execl(beside("show"), "show", "in the same root", "exit=8", (char *)NULL);
    _exit(99);
  }
  say("in the same root: %s", status_words(reap(pid)));
  /* The child of vfork shares this memory: only it is confined. */
  pid = vfork();
  if (pid == 0)
    _exit(chroot("/") == 0 ? 7 : 8);
  say("confined child of vfork: %s", status_words(reap(pid)));
  pid = fork();
  if (pid == 0) {
    execl(beside("show"), "show", "after vfork", "exit=9", (char *)NULL);
    _exit(99);
  }
  say("after vfork: %s", status_words(reap(pid)));
  return 0;
}
