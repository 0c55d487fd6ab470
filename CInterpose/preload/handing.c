#include "handing.h"

#include "image.h"
#include "syscalls.h"

/* Storage of this size, or NULL. */
static void *storage_for(struct cmdmox_handing *handing, size_t size) {
  if (size <= sizeof handing->storage && !handing->needs_mapping) {
    return handing->storage;
  }
  handing->mapping = cmdmox_map(size);
  handing->mapping_size = size;
  return handing->mapping;
}

static void repair(struct cmdmox_handing *handing, char *const *envp) {
  struct cmdmox_variables ours = cmdmox_variables();
  void *storage = storage_for(handing, cmdmox_environment_size(envp, &ours));
  if (storage != NULL) {
    struct cmdmox_environment built = cmdmox_environment_build(storage, envp, &ours);
    handing->environment = built.block;
    handing->parent = built.parent;
    handing->added = built.added;
    handing->changed = true;
  }
}

static void strip(struct cmdmox_handing *handing, char *const *envp) {
  void *storage = storage_for(handing, cmdmox_environment_strip_size(envp));
  if (storage != NULL) {
    handing->environment = cmdmox_environment_strip(storage, envp, cmdmox_image.library);
    handing->changed = true;
  }
}

static void hand_down(struct cmdmox_handing *handing, char *const *envp, bool needs_mapping) {
  handing->needs_mapping = needs_mapping;
  handing->environment = (char **)envp;
  handing->parent = NULL;
  handing->added = 0;
  handing->changed = false;
  handing->elsewhere = false;
  handing->mapping = NULL;
  if (cmdmox_is_silent()) {
    strip(handing, envp);
  } else if (cmdmox_speaks()) {
    struct cmdmox_variables ours = cmdmox_variables();
    handing->elsewhere = cmdmox_environment_elsewhere(envp, &ours);
    if (!handing->elsewhere) {
      repair(handing, envp);
    }
  }
}

void cmdmox_hand_down(struct cmdmox_handing *handing, char *const *envp) {
  hand_down(handing, envp, false);
}

void cmdmox_hand_down_mapped(struct cmdmox_handing *handing, char *const *envp) {
  hand_down(handing, envp, true);
}

void cmdmox_hand_intent(struct cmdmox_handing *handing, uint64_t intent, bool continues) {
  if (handing->parent != NULL) {
    unsigned flags = handing->added | (continues ? CMDMOX_PARENT_ROOT : 0);
    cmdmox_parent_write(handing->parent, cmdmox_image.id, flags, intent);
  }
}

void cmdmox_handing_free(struct cmdmox_handing *handing) {
  if (handing->mapping != NULL) {
    cmdmox_unmap(handing->mapping, handing->mapping_size);
  }
}
