#include "cmdmox_environment.h"

#include "cmdmox_bytes.h"

#define PRELOAD "LD_PRELOAD"
static const char parent_name[] = CMDMOX_ENV_PARENT "=";
static const char preload_name[] = PRELOAD "=";

static const char *base_name(const char *path, size_t length, size_t *base_length) {
  size_t start = length;
  while (start > 0 && path[start - 1] != '/') {
    start--;
  }
  *base_length = length - start;
  return path + start;
}

/* One entry of an LD_PRELOAD list, which ld.so splits at spaces and colons. */
static size_t entry_length(const char *list) { return cmdmox_length_until(list, " :"); }

static bool is_our_library(const char *entry, size_t length, const char *library) {
  size_t entry_base_length, base_length;
  const char *entry_base = base_name(entry, length, &entry_base_length);
  const char *base = base_name(library, cmdmox_length(library), &base_length);
  return entry_base_length == base_length && cmdmox_equal(entry_base, base, base_length);
}

/* True if `list` begins with our library and names it nowhere else: the common case. */
static bool preload_is_right(const char *list, const char *library) {
  size_t length = entry_length(list);
  if (length != cmdmox_length(library) || !cmdmox_equal(list, library, length)) {
    return false;
  }
  for (list += length; *list != '\0'; list += length) {
    list++;
    length = entry_length(list);
    if (is_our_library(list, length, library)) {
      return false;
    }
  }
  return true;
}

/* Copies the entries of `list` that are not our library, a colon before each if `first` says that
 * something stands there already. Returns the end. */
static char *copy_others(char *to, const char *list, const char *library, bool first) {
  for (;;) {
    size_t length = entry_length(list);
    if (length > 0 && !is_our_library(list, length, library)) {
      if (!first) {
        *to++ = ':';
      }
      cmdmox_copy(to, list, length);
      to += length;
      first = false;
    }
    if (list[length] == '\0') {
      *to = '\0';
      return to;
    }
    list += length + 1;
  }
}

bool cmdmox_environment_names(const char *entry, const char *name) {
  const char *end = cmdmox_after(entry, name);
  return end != NULL && *end == '=';
}

char *cmdmox_environment_value(char *const *envp, const char *name) {
  for (; envp != NULL && *envp != NULL; envp++) {
    if (cmdmox_environment_names(*envp, name)) {
      return *envp + cmdmox_length(name) + 1;
    }
  }
  return NULL;
}

bool cmdmox_environment_elsewhere(char *const *envp, const struct cmdmox_variables *ours) {
  const char *session = cmdmox_environment_value(envp, CMDMOX_ENV_SESSION);
  return session != NULL && !cmdmox_same(session, ours->session + sizeof CMDMOX_ENV_SESSION);
}

size_t cmdmox_environment_size(char *const *envp, const struct cmdmox_variables *ours) {
  size_t count = 0;
  size_t list = 0;
  for (; envp != NULL && envp[count] != NULL; count++) {
    if (cmdmox_environment_names(envp[count], PRELOAD)) {
      size_t length = cmdmox_length(envp[count]);
      list = length > list ? length : list;
    }
  }
  size_t pointers = (count + 3 + 1) * sizeof(char *);
  size_t parent = sizeof parent_name + CMDMOX_PARENT_LENGTH;
  size_t preload = sizeof preload_name + cmdmox_length(ours->library) + 1 + list;
  return pointers + parent + preload;
}

struct cmdmox_environment cmdmox_environment_build(void *storage, char *const *envp,
                                                   const struct cmdmox_variables *ours) {
  static char *const nothing[] = {NULL};
  if (envp == NULL) {
    envp = nothing;
  }
  bool has_preload = false, has_session = false, has_parent = false;
  size_t count = 0;
  for (; envp[count] != NULL; count++) {
    /* Two compares rule out nearly every variable. */
    if (envp[count][0] == 'L') {
      has_preload |= cmdmox_environment_names(envp[count], PRELOAD);
    } else if (envp[count][0] == 'C') {
      has_session |= cmdmox_environment_names(envp[count], CMDMOX_ENV_SESSION);
      has_parent |= cmdmox_environment_names(envp[count], CMDMOX_ENV_PARENT);
    }
  }

  char **block = storage;
  char *parent = (char *)(block + count + 3 + 1);
  cmdmox_copy(parent, parent_name, sizeof parent_name - 1);
  char *parent_value = parent + sizeof parent_name - 1;
  cmdmox_parent_write(parent_value, 0, 0, 0);
  parent_value[CMDMOX_PARENT_LENGTH] = '\0';
  char *preload = parent_value + CMDMOX_PARENT_LENGTH + 1;
  size_t library_length = cmdmox_length(ours->library);
  cmdmox_copy(preload, preload_name, sizeof preload_name - 1);
  cmdmox_copy(preload + sizeof preload_name - 1, ours->library, library_length + 1);

  char **next = block;
  if (!has_preload) {
    *next++ = preload;
  }
  if (!has_session) {
    *next++ = (char *)ours->session;
  }
  if (!has_parent) {
    *next++ = parent;
  }
  unsigned added = (unsigned)(next - block);
  for (size_t i = 0; i < count; i++) {
    char *entry = envp[i];
    if (entry[0] == 'L' && cmdmox_environment_names(entry, PRELOAD)) {
      const char *list = entry + sizeof preload_name - 1;
      if (!preload_is_right(list, ours->library)) {
        copy_others(preload + sizeof preload_name - 1 + library_length, list, ours->library, false);
        entry = preload;
      }
    } else if (entry[0] == 'C' && cmdmox_environment_names(entry, CMDMOX_ENV_PARENT)) {
      entry = parent;
    }
    *next++ = entry;
  }
  *next = NULL;
  return (struct cmdmox_environment){.block = block, .parent = parent_value, .added = added};
}

size_t cmdmox_environment_strip_size(char *const *envp) {
  static const struct cmdmox_variables none = {.library = "", .session = ""};
  return cmdmox_environment_size(envp, &none);
}

char **cmdmox_environment_strip(void *storage, char *const *envp, const char *library) {
  size_t count = 0;
  while (envp != NULL && envp[count] != NULL) {
    count++;
  }
  char **block = storage;
  char *preload = (char *)(block + count + 1);
  char **next = block;
  for (size_t i = 0; i < count; i++) {
    char *entry = envp[i];
    if (cmdmox_environment_names(entry, CMDMOX_ENV_SESSION) ||
        cmdmox_environment_names(entry, CMDMOX_ENV_PARENT)) {
      continue;
    }
    if (cmdmox_environment_names(entry, PRELOAD)) {
      cmdmox_copy(preload, preload_name, sizeof preload_name - 1);
      char *list = preload + sizeof preload_name - 1;
      if (copy_others(list, entry + sizeof preload_name - 1, library, true) == list) {
        continue;
      }
      entry = preload;
    }
    *next++ = entry;
  }
  *next = NULL;
  return block;
}

void cmdmox_parent_write(char *value, uint64_t image, unsigned flags, uint64_t intent) {
  static const char digits[] = "0123456789abcdef";
  for (int i = CMDMOX_ID_DIGITS - 1; i >= 0; i--) {
    value[i] = digits[image & 15];
    value[CMDMOX_PARENT_AT_INTENT + i] = digits[intent & 15];
    image >>= 4;
    intent >>= 4;
  }
  value[CMDMOX_PARENT_AT_FLAGS] = digits[flags & 15];
}

static int digit_value(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool cmdmox_parent_read(const char *value, uint64_t *image, unsigned *flags, uint64_t *intent) {
  uint64_t parts[3] = {0, 0, 0};
  for (int i = 0; i < CMDMOX_PARENT_LENGTH; i++) {
    int digit = digit_value(value[i]); /* the NUL of a short value is no digit: it ends here */
    if (digit < 0) {
      return false;
    }
    int part = i < CMDMOX_PARENT_AT_FLAGS ? 0 : i == CMDMOX_PARENT_AT_FLAGS ? 1 : 2;
    parts[part] = parts[part] << 4 | (uint64_t)digit;
  }
  if (value[CMDMOX_PARENT_LENGTH] != '\0') {
    return false;
  }
  *image = parts[0];
  *flags = (unsigned)parts[1];
  *intent = parts[2];
  return true;
}
