/* Execs and spawns whose path is no string: the kernel says so, and nobody else may look. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  const char *volatile nowhere = (const char *)8; /* else the compiler sees it */
  const char *bad = nowhere;
  char *argv[] = {(char *)"x", NULL}, *envp[] = {NULL};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addclose(&actions, 9);
  pid_t pid;
  execve(bad, argv, envp);
  printf("%d\n", errno);
  execveat(AT_FDCWD, bad, argv, envp, 0);
  printf("%d\n", errno);
  printf("%d\n", posix_spawn(&pid, bad, NULL, NULL, argv, envp));
  printf("%d\n", posix_spawn(&pid, bad, &actions, NULL, argv, envp));
  execve(NULL, argv, envp);
  printf("%d\n", errno);
  execve("", argv, envp);
  printf("%d\n", errno);
  execve("/dev/null", argv, envp);
  printf("%d\n", errno);
  return 0;
}
