/* What the parts of a deep trace tell each other: the tool, the launcher that becomes the root, and
 * the keeper that answers for a tool which is gone.
 *
 * Why C: the launcher and the keeper run without libc, the tool compiles the same header.
 */
#ifndef CMDMOX_DEEP_H
#define CMDMOX_DEEP_H

#include <stdatomic.h>
#include <stdint.h>

/* The first argument of cmdmox-deep.
 *   cmdmox-deep launch SOCKET FILE ARGV0 ...
 *       puts the filter on itself, sends the listener, waits for a byte, executes FILE
 *   cmdmox-deep keep SOCKET PAGE SESSION
 *       goes into the background, says that it is there, takes the listener, and waits
 * SOCKET and PAGE are numbers of descriptors; SESSION is for whoever looks at processes. */
#define CMDMOX_DEEP_LAUNCH "launch"
#define CMDMOX_DEEP_KEEP "keep"

/* What the launcher says, over a sequenced-packet socket: first whether the filter is in place,
 * with the listener as a descriptor (SCM_RIGHTS); then, only if the exec of the root failed, why.
 */
struct cmdmox_deep_word {
  uint32_t step;  /* enum cmdmox_deep_step */
  uint32_t error; /* errno, or 0 */
  uint32_t flags; /* enum cmdmox_deep_flag */
};

enum cmdmox_deep_step { CMDMOX_DEEP_FILTER = 1, CMDMOX_DEEP_EXEC = 2 };

enum cmdmox_deep_flag {
  CMDMOX_DEEP_NO_NEW_PRIVS = 1, /* the kernel asked for it: set-uid programs get no privileges */
};

/* A page of memory that the tool and the keeper share. A notification is in hand from the moment it
 * was taken until it was answered: what a stopped or killed tool has in hand, nobody else is told
 * of by the kernel. */
struct cmdmox_deep_page {
  _Atomic uint64_t taken;    /* the id of the last notification that the tool took */
  _Atomic uint64_t answered; /* the id of the last one that it answered */
  _Atomic uint64_t passed;   /* how many the keeper let pass unseen */
};

enum { CMDMOX_DEEP_PAGE = 4096 };

#endif
