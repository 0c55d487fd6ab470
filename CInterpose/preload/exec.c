/* The hooks of the exec family: exec(3), execve(2), execveat(2). */
#include <stdarg.h>
#include <unistd.h>

#include "execute.h"
#include "hooks.h"

CMDMOX_HOOK int execve(const char *path, char *const argv[], char *const envp[]) {
  return cmdmox_execute(path, argv, envp);
}

CMDMOX_HOOK int execv(const char *path, char *const argv[]) {
  return cmdmox_execute(path, argv, environ);
}

CMDMOX_HOOK int execvp(const char *file, char *const argv[]) {
  return cmdmox_execute_search(file, argv, environ);
}

CMDMOX_HOOK int execvpe(const char *file, char *const argv[], char *const envp[]) {
  return cmdmox_execute_search(file, argv, envp);
}

CMDMOX_HOOK int fexecve(int descriptor, char *const argv[], char *const envp[]) {
  return cmdmox_execute_descriptor(descriptor, argv, envp);
}

CMDMOX_HOOK int execveat(int directory, const char *path, char *const argv[], char *const envp[],
                         int flags) {
  return cmdmox_execute_at(directory, path, argv, envp, flags);
}

/* How many arguments stand before the closing NULL, `first` included. */
static size_t count_arguments(const char *first, va_list list) {
  size_t count = 0;
  for (const char *next = first; next != NULL; next = va_arg(list, const char *)) {
    count++;
  }
  return count;
}

/* Puts the arguments and the closing NULL into `argv`, which has room for `count` + 1. */
static void collect_arguments(char **argv, const char *first, size_t count, va_list list) {
  for (size_t i = 0; i <= count; i++) {
    argv[i] = i == 0 ? (char *)first : va_arg(list, char *);
  }
}

/* Declares `argv` with the variadic arguments of the caller. The array lives on its stack. */
#define COLLECT_ARGUMENTS(argv, first)            \
  va_list counted, collected;                     \
  va_start(counted, first);                       \
  va_copy(collected, counted);                    \
  size_t count = count_arguments(first, counted); \
  va_end(counted);                                \
  char *argv[count + 1];                          \
  collect_arguments(argv, first, count, collected)

CMDMOX_HOOK int execl(const char *path, const char *first, ...) {
  COLLECT_ARGUMENTS(argv, first);
  va_end(collected);
  return cmdmox_execute(path, argv, environ);
}

CMDMOX_HOOK int execlp(const char *file, const char *first, ...) {
  COLLECT_ARGUMENTS(argv, first);
  va_end(collected);
  return cmdmox_execute_search(file, argv, environ);
}

CMDMOX_HOOK int execle(const char *path, const char *first, ...) {
  COLLECT_ARGUMENTS(argv, first);
  char *const *envp = va_arg(collected, char *const *);
  va_end(collected);
  return cmdmox_execute(path, argv, envp);
}
