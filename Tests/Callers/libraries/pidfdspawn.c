/* pidfd_spawn and pidfd_spawnp as glibc has them from 2.39 on, for callers on an older one. */
#include <dlfcn.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef __typeof__(posix_spawn) spawn_function;

/* The spawn itself goes past all hooks, as glibc's does. */
static int spawn(const char *name, int *pidfd, const char *path,
                 const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
                 char *const argv[], char *const envp[]) {
  spawn_function *libcs = (spawn_function *)dlsym(RTLD_NEXT, name);
  pid_t pid;
  int error = libcs(&pid, path, actions, attributes, argv, envp);
  if (error == 0) {
    *pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  }
  return error;
}

int pidfd_spawn(int *pidfd, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]) {
  return spawn("posix_spawn", pidfd, path, actions, attributes, argv, envp);
}

int pidfd_spawnp(int *pidfd, const char *file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]) {
  return spawn("posix_spawnp", pidfd, file, actions, attributes, argv, envp);
}
