#include "handing.h"

#include "image.h"
#include "syscalls.h"

enum { MOST_WORDS = 512 };

/* True if the child is not to have the library: this image is confined, or it is to become the root
 * of a bare session and has not got one yet: its child would begin one of its own. */
static bool must_strip(char *const *envp) {
  if (cmdmox_is_early() && cmdmox_environment_value(envp, CMDMOX_ENV_SESSION) == NULL) {
    atomic_store_explicit(&cmdmox_image.early, true, memory_order_relaxed);
    return true;
  }
  return cmdmox_is_silent();
}

/* The bytes that the environment of this image's child takes; 0: it is the caller's own. */
static size_t size_of(char *const *envp, const char *library) {
  if (must_strip(envp)) {
    return cmdmox_environment_strip_size(envp);
  }
  if (!cmdmox_speaks() || cmdmox_hands_elsewhere(envp)) {
    return 0;
  }
  struct cmdmox_variables ours = cmdmox_variables();
  ours.library = library;
  return cmdmox_environment_size(envp, &ours);
}

size_t cmdmox_handing_words(char *const *envp, const char *library) {
  size_t words = size_of(envp, library) / sizeof(void *) + 1;
  return words <= MOST_WORDS ? words : 1;
}

bool cmdmox_hands_elsewhere(char *const *envp) {
  struct cmdmox_variables ours = cmdmox_variables();
  return cmdmox_environment_elsewhere(envp, &ours);
}

void cmdmox_hand_down(struct cmdmox_handing *handing, char *const *envp, const char *library,
                      void **storage, size_t words) {
  *handing = (struct cmdmox_handing){.environment = (char **)envp};
  size_t needed = size_of(envp, library);
  if (needed == 0) {
    return;
  }
  if (storage == NULL || needed > words * sizeof *storage) {
    storage = handing->mapping = cmdmox_map(needed);
    handing->mapping_size = needed;
  }
  if (storage == NULL) {
    return;
  }
  handing->changed = true;
  if (must_strip(envp)) {
    handing->environment = cmdmox_environment_strip(storage, envp, CMDMOX_LIBRARY_NAME);
  } else {
    struct cmdmox_variables ours = cmdmox_variables();
    ours.library = library;
    struct cmdmox_environment built = cmdmox_environment_build(storage, envp, &ours);
    handing->environment = built.block;
    handing->parent = built.parent;
    handing->added = built.added;
  }
}

void cmdmox_hand_intent(struct cmdmox_handing *handing, uint64_t intent, unsigned role) {
  if (handing->parent != NULL) {
    uint32_t owner = (role & CMDMOX_PARENT_ROLE) != 0 ? (uint32_t)cmdmox_call(getpid) : 0;
    cmdmox_parent_write(handing->parent, (struct cmdmox_parent){.image = cmdmox_image.id,
                                                                .intent = intent,
                                                                .flags = handing->added | role,
                                                                .owner = owner});
  }
}

void cmdmox_handing_free(struct cmdmox_handing *handing) {
  cmdmox_unmap(handing->mapping, handing->mapping_size);
}
