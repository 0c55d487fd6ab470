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
  cmdmox_parent_write(parent_value, (struct cmdmox_parent){0});
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

static void write_digits(char *at, uint64_t number, int count) {
  static const char digits[] = "0123456789abcdef";
  while (--count >= 0) {
    at[count] = digits[number & 15];
    number >>= 4;
  }
}

void cmdmox_parent_write(char *value, struct cmdmox_parent parent) {
  write_digits(value, parent.image, CMDMOX_PARENT_AT_FLAGS);
  write_digits(value + CMDMOX_PARENT_AT_FLAGS, parent.flags,
               CMDMOX_PARENT_AT_INTENT - CMDMOX_PARENT_AT_FLAGS);
  write_digits(value + CMDMOX_PARENT_AT_INTENT, parent.intent,
               CMDMOX_PARENT_AT_OWNER - CMDMOX_PARENT_AT_INTENT);
  write_digits(value + CMDMOX_PARENT_AT_OWNER, parent.owner,
               CMDMOX_PARENT_LENGTH - CMDMOX_PARENT_AT_OWNER);
}

static int digit_value(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* False if there are others than hexadecimal digits; the NUL of a short value is none. */
static bool read_digits(const char *at, int count, uint64_t *number) {
  *number = 0;
  for (int i = 0; i < count; i++) {
    int digit = digit_value(at[i]);
    if (digit < 0) {
      return false;
    }
    *number = *number << 4 | (uint64_t)digit;
  }
  return true;
}

bool cmdmox_parent_read(const char *value, struct cmdmox_parent *parent) {
  uint64_t image, flags, intent, owner;
  if (!read_digits(value, CMDMOX_PARENT_AT_FLAGS, &image) ||
      !read_digits(value + CMDMOX_PARENT_AT_FLAGS, CMDMOX_PARENT_AT_INTENT - CMDMOX_PARENT_AT_FLAGS,
                   &flags) ||
      !read_digits(value + CMDMOX_PARENT_AT_INTENT,
                   CMDMOX_PARENT_AT_OWNER - CMDMOX_PARENT_AT_INTENT, &intent) ||
      !read_digits(value + CMDMOX_PARENT_AT_OWNER, CMDMOX_PARENT_LENGTH - CMDMOX_PARENT_AT_OWNER,
                   &owner) ||
      value[CMDMOX_PARENT_LENGTH] != '\0') {
    return false;
  }
  *parent = (struct cmdmox_parent){
      .image = image, .intent = intent, .flags = (unsigned)flags, .owner = (uint32_t)owner};
  return true;
}
