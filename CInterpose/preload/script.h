#ifndef CMDMOX_SCRIPT_H
#define CMDMOX_SCRIPT_H

/* How many arguments the kernel put before the caller's script path for `#!` (execve(2)): the path
 * is argv[that many]. 0 if `path`, as the kernel was given it, is no script. For the constructor:
 * reads the file, only where some early argument equals `path`. */
int cmdmox_script_arguments(const char *path, int argc, char *const *argv);

#endif
