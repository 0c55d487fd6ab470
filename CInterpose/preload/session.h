/* The bare form: a program that is preloaded outside any session begins one. */
#ifndef CMDMOX_SESSION_H
#define CMDMOX_SESSION_H

#include <stdbool.h>
#include <stdint.h>

/* Makes a session directory, starts a recorder, and executes this program (`path` as the kernel
 * was given it) once more with our variables in its environment, which is the only way for a
 * program without hooks to hand them down.
 *
 * Returns only if that failed: true if the session stands all the same, with the root's intent in
 * `*intent`; false if there is none. The program then runs unrecorded, and one line on standard
 * error says so. For the constructor. */
bool cmdmox_begin_session(const char *path, int argc, char **argv, char **envp, uint64_t *intent);

#endif
