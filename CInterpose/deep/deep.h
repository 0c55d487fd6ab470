/* The two short programs of a deep trace, in one file without libc: what they share.
 *
 * Everything here runs in one thread of a process of its own: nothing has to be reentrant, and a
 * negative result of a system call is -errno.
 */
#ifndef CMDMOX_DEEP_PROGRAM_H
#define CMDMOX_DEEP_PROGRAM_H

#include <stddef.h>

#include "cmdmox_deep.h"

/* Becomes the root: `arguments` are FILE ARGV0 ... and NULL. Does not return. */
_Noreturn void deep_launch(int socket, char **arguments, char **environment);

/* Keeps every exec of the root's family answered. Does not return. */
_Noreturn void deep_keep(int socket, int page);

_Noreturn void deep_exit(int code);

/* sendmsg(2) of a word, with a descriptor unless it is -1; recvmsg(2) of one descriptor, or -1. */
long deep_send(int socket, const struct cmdmox_deep_word *word, int descriptor);
int deep_receive(int socket);

#endif
