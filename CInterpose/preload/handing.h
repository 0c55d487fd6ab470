/* What an image hands down to its children: the environment for one exec or spawn.
 *
 * Every function is MT-safe, AS-safe, keeps errno.
 */
#ifndef CMDMOX_HANDING_H
#define CMDMOX_HANDING_H

#include <stdbool.h>
#include <stddef.h>

#include "cmdmox_environment.h"

/* Small environments are built on the stack, which may be a thread's 16 KiB; big ones in a mapping
 * (which a vfork child that execs leaves behind: its memory was the parent's). */
enum { CMDMOX_HANDING_STACK = 4096 };

/* An environment to hand down. */
struct cmdmox_handing {
  char **environment; /* what to give to exec */
  char *parent;       /* CMDMOX_PARENT's value in it, or NULL where it is not ours to set */
  unsigned added;     /* how many variables stand first because the caller had none */
  bool changed;       /* false: it is the caller's own array */
  bool elsewhere;     /* the caller's names another session */
  bool needs_mapping; /* it may outlive this structure */
  void *mapping;
  size_t mapping_size;
  _Alignas(void *) char storage[CMDMOX_HANDING_STACK];
};

/* Repairs `envp` (NULL: empty) as this image has to: our variables added where it speaks, taken out
 * where it is confined, untouched where it is in no session or the caller names another. */
void cmdmox_hand_down(struct cmdmox_handing *handing, char *const *envp);

/* The same in a mapping, for an environment that may outlive this stack frame. It is not to be
 * freed: another thread may be reading it. */
void cmdmox_hand_down_mapped(struct cmdmox_handing *handing, char *const *envp);

/* Names the intent of the exec that follows; `continues`: this process stays the bare root. */
void cmdmox_hand_intent(struct cmdmox_handing *handing, uint64_t intent, bool continues);

void cmdmox_handing_free(struct cmdmox_handing *handing);

#endif
