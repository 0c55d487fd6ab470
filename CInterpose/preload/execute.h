/* Executing a file as the hooks of the exec family do: announce, hand down, call, report. */
#ifndef CMDMOX_EXECUTE_H
#define CMDMOX_EXECUTE_H

#include <stdint.h>

/* As execve(2). MT-safe, AS-safe; sets errno as execve does. */
int cmdmox_execute(const char *path, char *const *argv, char *const *envp);

/* As execvpe(3): looks for a name without a slash in PATH, and runs a file without `#!` by sh. One
 * command: its candidates are announced one by one, its failure once. */
int cmdmox_execute_search(const char *file, char *const *argv, char *const *envp);

/* As execveat(2). */
int cmdmox_execute_at(int directory, const char *path, char *const *argv, char *const *envp,
                      int flags);

/* As fexecve(3): EINVAL where an argument is missing. */
int cmdmox_execute_descriptor(int descriptor, char *const *argv, char *const *envp);

#endif
