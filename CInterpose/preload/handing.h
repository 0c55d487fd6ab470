/* What an image hands down to its children: the environment for one exec or spawn.
 *
 * Every function is MT-safe, AS-safe, keeps errno.
 */
#ifndef CMDMOX_HANDING_H
#define CMDMOX_HANDING_H

#include <stdbool.h>
#include <stddef.h>

#include "cmdmox_environment.h"

/* An environment to hand down. */
struct cmdmox_handing {
  char **environment; /* what to give to exec */
  char *parent;       /* CMDMOX_PARENT's value in it, or NULL where it is not ours to set */
  unsigned added;     /* how many variables stand first because the caller had none */
  bool changed;       /* false: it is the caller's own array */
  void *mapping;
  size_t mapping_size;
};

/* `library`: the path of ours that stands in LD_PRELOAD then (narrow.h). */

/* How many pointers' worth of storage cmdmox_hand_down takes from its caller for this environment:
 * 1 to 512. A bigger one goes into a mapping (which a vfork child that execs leaves behind: its
 * memory was the parent's). */
size_t cmdmox_handing_words(char *const *envp, const char *library);

/* Repairs `envp` (NULL: empty) as this image has to: our variables added where it speaks, taken out
 * where it is confined, untouched where it is in no session or the caller names another. With no
 * storage (NULL) it is put into a mapping, and may outlive the caller. */
void cmdmox_hand_down(struct cmdmox_handing *handing, char *const *envp, const char *library,
                      void **storage, size_t words);

/* Names the intent of the exec that follows, and the role of what it starts (cmdmox_wire.h); with a
 * role it is this process that executes it. */
void cmdmox_hand_intent(struct cmdmox_handing *handing, uint64_t intent, unsigned role);

void cmdmox_handing_free(struct cmdmox_handing *handing);

/* True if `envp` names another session: it is handed down as it is. */
bool cmdmox_hands_elsewhere(char *const *envp);

#endif
