/* syscall: any number of arguments, errno, and processes that no other hook sees. */
#include "caller.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static int raw_execve(void *context) {
  char *argv[] = {"show", context, "exit=6", NULL};
  syscall(SYS_execve, beside("show"), argv, environ);
  return 99;
}

static int raw_execve_without_environment(void *context) {
  char *argv[] = {"show", context, "env=all", NULL};
  char *none[] = {NULL};
  syscall(SYS_execve, beside("show"), argv, none);
  return 99;
}

static int raw_execveat(void *context) {
  char *argv[] = {"show", context, "exit=7", NULL};
  syscall(SYS_execveat, AT_FDCWD, beside("show"), argv, environ, 0);
  return 99;
}

static int raw_failure(void *context) {
  (void)context;
  char *argv[] = {"program", NULL};
  long result = syscall(SYS_execve, "/nonexistent/program", argv, environ);
  return result == -1 && errno == ENOENT ? 98 : 99;
}

static int raw_exit_group(void *context) {
  (void)context;
  syscall(SYS_exit_group, 9);
  return 99;
}

int main(void) {
  say("pid: %d", syscall(SYS_getpid) == getpid());
  errno = 0;
  say_result("bad descriptor", syscall(SYS_close, 987));
  say_result("no such call", syscall(100000));
  /* Six arguments, the last of which matters: the second page of this program. */
  int fd = open("/proc/self/exe", O_RDONLY);
  char *page = (char *)syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
  say("six arguments: %s", page != MAP_FAILED && memcmp(page, "\177ELF", 4) == 0 ? "ELF" : "no");
  page = (char *)syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 1);
  say("the sixth: %s", page == MAP_FAILED ? strerrorname_np(errno) : "ignored");
  errno = 77;
  syscall(SYS_getuid);
  say("errno after success: %d", errno);
  in_child("execve", raw_execve, "raw execve");
  in_child("execve without environment", raw_execve_without_environment, "raw, no environment");
  in_child("execveat", raw_execveat, "raw execveat");
  in_child("execve fails", raw_failure, NULL);
  in_child("exit_group", raw_exit_group, NULL);
  long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) {
    execl(beside("show"), "show", "below clone", "exit=8", (char *)NULL);
    _exit(99);
  }
  int status = 0;
  long reaped = syscall(SYS_wait4, pid, &status, 0, NULL);
  say("wait4: %d, %s", reaped == pid, status_words(status));
  return 0;
}
