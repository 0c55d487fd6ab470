#ifndef CMDMOX_LEAVE_H
#define CMDMOX_LEAVE_H

/* Registers the handler that reports exit(3). For the constructor: allocates. */
void cmdmox_watch_exit(void);

#endif
