/* Marks a function that interposes libc's of the same name. */
#ifndef CMDMOX_HOOKS_H
#define CMDMOX_HOOKS_H

#define CMDMOX_HOOK __attribute__((visibility("default")))

#endif
