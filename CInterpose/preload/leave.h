#ifndef CMDMOX_LEAVE_H
#define CMDMOX_LEAVE_H

#include <stdbool.h>

/* False in a program of another libc than glibc: musl has no on_exit, and gives a constructor no
 * arguments. The library is loaded there, and must not do anything. */
bool cmdmox_libc_fits(void);

/* Registers the handler that reports exit(3). For the constructor: allocates. */
void cmdmox_watch_exit(void);

#endif
