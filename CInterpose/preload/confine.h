/* The silence of a child that has confined itself, in memory that may be its parent's.
 * MT-safe, AS-safe, keeps errno, no system call. */
#ifndef CMDMOX_CONFINE_H
#define CMDMOX_CONFINE_H

#include <stdbool.h>

/* For a process that is about to execute something or to end. True if it was such a child. */
bool cmdmox_silence_end(void);

/* The exec has failed: it is silent again. */
void cmdmox_silence_resume(void);

#endif
