/* The environment that a child is handed: ours repaired into the caller's, or taken out of it.
 *
 * Pure: no system call, no heap, no global; the strings of the caller are pointed to, not copied.
 * Every function is MT-safe (as far as nobody changes the caller's array meanwhile) and AS-safe
 * and leaves errno alone.
 */
#ifndef CMDMOX_ENVIRONMENT_H
#define CMDMOX_ENVIRONMENT_H

#include <stdbool.h>

#include "cmdmox_wire.h"

/* What is handed down. Both are whole, NUL-terminated and outlive the environment built of them. */
struct cmdmox_variables {
  const char *library; /* the library's absolute path, without space or colon */
  const char *session; /* "CMDMOX_SESSION=<directory>" */
};

/* What was found in, or made for, an environment. */
struct cmdmox_environment {
  char **block;   /* NULL-terminated, to be handed to exec */
  char *parent;   /* the CMDMOX_PARENT_LENGTH characters of its value, to be set before each exec */
  unsigned added; /* how many variables were put first because the caller's had none: 0 to 3 */
};

/* True if `entry` is "NAME=…" for this name. */
bool cmdmox_environment_names(const char *entry, const char *name);

/* The value of `name`, or NULL. `envp` may be NULL. */
char *cmdmox_environment_value(char *const *envp, const char *name);

/* True if `envp` names a session that is not ours: it is left as it is. */
bool cmdmox_environment_elsewhere(char *const *envp, const struct cmdmox_variables *ours);

/* The bytes of storage that cmdmox_environment_build needs for this environment. */
size_t cmdmox_environment_size(char *const *envp, const struct cmdmox_variables *ours);

/* Repairs `envp` into `storage` (aligned for pointers, as large as asked for).
 *
 * Our library stands first in LD_PRELOAD, other entries with its base name are dropped, the user's
 * stay in their order and the variable stays in its place. Variables that `envp` lacks stand first,
 * in the order LD_PRELOAD, CMDMOX_SESSION, CMDMOX_PARENT, so that the new image can hide them. */
struct cmdmox_environment cmdmox_environment_build(void *storage, char *const *envp,
                                                   const struct cmdmox_variables *ours);

/* The bytes of storage that cmdmox_environment_strip needs. */
size_t cmdmox_environment_strip_size(char *const *envp);

/* Takes our variables, and our library in LD_PRELOAD, out of `envp`. */
char **cmdmox_environment_strip(void *storage, char *const *envp, const char *library);

/* What CMDMOX_PARENT says. */
struct cmdmox_parent {
  uint64_t image;  /* the caller's id, or 0 */
  uint64_t intent; /* of the exec or spawn, or 0 */
  unsigned flags;  /* enum cmdmox_parent_flag */
  uint32_t owner;  /* whose role it is; cmdmox_wire.h */
};

/* Writes the value of CMDMOX_PARENT: CMDMOX_PARENT_LENGTH characters, no NUL. */
void cmdmox_parent_write(char *value, struct cmdmox_parent parent);

/* Reads it. False if it is not one: then nothing is written. */
bool cmdmox_parent_read(const char *value, struct cmdmox_parent *parent);

#endif
