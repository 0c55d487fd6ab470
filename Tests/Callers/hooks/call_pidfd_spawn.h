/* What pidfd_spawn and pidfd_spawnp share: they give a descriptor of the child. */
#ifndef CALL_PIDFD_SPAWN_H
#define CALL_PIDFD_SPAWN_H

#include <spawn.h>

#define SPAWNS 1
#include "exec_cases.h"

extern __typeof__(posix_spawn) pidfd_spawn, pidfd_spawnp;

/* The pid behind a descriptor, as the kernel shows it in /proc; closes the descriptor. */
static pid_t pid_of(int pidfd) {
  char path[64], line[64];
  pid_t pid = -1;
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
  FILE *info = fopen(path, "re");
  if (info == NULL)
    give_up(path);
  while (fgets(line, sizeof line, info) != NULL)
    sscanf(line, "Pid: %d", &pid);
  fclose(info);
  close(pidfd);
  return pid;
}

#define DEFINE_SPAWN_CALL(function)                                                       \
  static int call(const char *file, char *const argv[], char *const envp[], pid_t *pid) { \
    int pidfd = -1;                                                                       \
    int error = function(&pidfd, file, NULL, NULL, argv, envp);                           \
    *pid = error == 0 ? pid_of(pidfd) : 0;                                                \
    return error;                                                                         \
  }

#endif
