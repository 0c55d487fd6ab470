/* Programs with lowered limits: few descriptors, no file growth, little memory, few processes. */
#include "caller.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>

static void lower(int which, rlim_t to) {
  struct rlimit limit;
  getrlimit(which, &limit);
  limit.rlim_cur = to;
  if (setrlimit(which, &limit) < 0)
    give_up("setrlimit");
}

static int spawn_show(char *word) {
  pid_t pid;
  char *argv[] = {"show", "quiet", word, "exit=3", NULL};
  int error = posix_spawn(&pid, beside("show"), NULL, NULL, argv, environ);
  return error != 0 ? error : reap(pid) == 3 << 8 ? 0 : -1;
}

/* The lowest limit with which a dynamic program still runs. */
static int few_descriptors(void *context) {
  (void)context;
  lower(RLIMIT_NOFILE, 4);
  say("with 4 descriptors: %d", spawn_show("few descriptors"));
  say("one is left: %d", open("/dev/null", O_RDONLY));
  say("none is left: %d", open("/dev/null", O_RDONLY));
  /* ld.so cannot open libc in the child then. */
  pid_t pid = fork();
  if (pid == 0) {
    close(2);
    if (open("/dev/null", O_WRONLY) < 0)
      _exit(98);
    execl(beside("show"), "show", "quiet", "no descriptor", (char *)NULL);
    _exit(99);
  }
  say("without a descriptor: %s", status_words(reap(pid)));
  return 4;
}

static int no_file_growth(void *context) {
  (void)context;
  /* The output of this test is a file, too: only the children write nothing. */
  int fd = open("limited", O_WRONLY | O_CREAT, 0644);
  lower(RLIMIT_FSIZE, 0);
  int result = spawn_show("no file growth");
  signal(SIGXFSZ, SIG_IGN);
  ssize_t written = write(fd, "x", 1);
  return result == 0 && written == -1 && errno == EFBIG ? 5 : 6;
}

static int little_memory(void *context) {
  (void)context;
  lower(RLIMIT_AS, 32 << 20);
  say("with little memory: %d", spawn_show("little memory"));
  return 6;
}

static int small_main_stack(void *context) {
  (void)context;
  lower(RLIMIT_STACK, 64 << 10);
  pid_t pid = fork();
  if (pid == 0) {
    execl(beside("show"), "show", "small main stack", "exit=7", (char *)NULL);
    _exit(99);
  }
  say("with a small stack: %s", status_words(reap(pid)));
  return 7;
}

int main(void) {
  in_child("few descriptors", few_descriptors, NULL);
  in_child("no file growth", no_file_growth, NULL);
  in_child("little memory", little_memory, NULL);
  in_child("small main stack", small_main_stack, NULL);
  /* The limit falls on the program itself, as `ulimit -f 0; make` does. */
  pid_t pid = fork();
  if (pid == 0) {
    lower(RLIMIT_FSIZE, 0);
    execl(beside("show"), "show", "quiet", "started without file growth", "exit=8", (char *)NULL);
    _exit(99);
  }
  say("started without file growth: %s", status_words(reap(pid)));
  return 0;
}
