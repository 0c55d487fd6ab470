/* Strings without libc's string functions.
 *
 * Why not libc's: each imported function is looked up in every process at its start, and the
 * vectorised ones lie on pages of libc that a small program would never touch. Together that was a
 * third of what the constructor cost. Every function is MT-safe, AS-safe, keeps errno.
 */
#ifndef CMDMOX_BYTES_H
#define CMDMOX_BYTES_H

#include <stdbool.h>
#include <stddef.h>

static inline size_t cmdmox_length(const char *string) {
  size_t length = 0;
  while (string[length] != '\0') {
    length++;
  }
  return length;
}

/* The length up to the first character of `set` or the end; strcspn(3). */
static inline size_t cmdmox_length_until(const char *string, const char *set) {
  for (size_t length = 0;; length++) {
    for (const char *stop = set;; stop++) {
      if (string[length] == *stop) {
        return length;
      }
      if (*stop == '\0') {
        break;
      }
    }
  }
}

/* The areas do not overlap. Returns the end of the copy. */
static inline void *cmdmox_copy(void *to, const void *from, size_t length) {
#if defined(__x86_64__)
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(length) : : "memory");
  return to;
#else
  char *bytes = to;
  for (size_t i = 0; i < length; i++) {
    bytes[i] = ((const char *)from)[i];
  }
  return bytes + length;
#endif
}

static inline bool cmdmox_equal(const void *a, const void *b, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (((const char *)a)[i] != ((const char *)b)[i]) {
      return false;
    }
  }
  return true;
}

static inline bool cmdmox_same(const char *a, const char *b) {
  while (*a != '\0' && *a == *b) {
    a++;
    b++;
  }
  return *a == *b;
}

/* The end of `prefix` in `string`, or NULL if it does not begin with it. */
static inline const char *cmdmox_after(const char *string, const char *prefix) {
  while (*prefix != '\0' && *string == *prefix) {
    string++;
    prefix++;
  }
  return *prefix == '\0' ? string : NULL;
}

/* The last `character` of `string`, or NULL; strrchr(3). */
static inline char *cmdmox_last(const char *string, char character) {
  const char *last = NULL;
  for (; *string != '\0'; string++) {
    last = *string == character ? string : last;
  }
  return (char *)last;
}

#endif
