/* Which part of an environment is the preload's own: what a caller leaves out of its output. */
#ifndef OURS_H
#define OURS_H

#include <stddef.h>
#include <string.h>

/* What of an environment entry the program was given by others; NULL: nothing. LD_PRELOAD stays
 * with the entries that are not ours, the variable itself goes where ours was the only one. */
static const char *without_ours(const char *entry, char *buffer, size_t size) {
  if (strncmp(entry, "CMDMOX_SESSION=", 15) == 0 || strncmp(entry, "CMDMOX_PARENT=", 14) == 0)
    return NULL;
  if (strncmp(entry, "LD_PRELOAD=", 11) != 0)
    return entry;
  size_t length = 11;
  memcpy(buffer, entry, 11);
  int others = 0;
  for (const char *from = entry + 11; *from != '\0';) {
    size_t span = strcspn(from, ": ");
    const char *base = from;
    for (size_t i = 0; i < span; i++)
      if (from[i] == '/')
        base = from + i + 1;
    size_t base_length = (size_t)(from + span - base);
    int is_ours = (base_length == 12 && memcmp(base, "libcmdmox.so", 12) == 0) ||
                  (base_length == 18 && memcmp(base, "libemptypreload.so", 18) == 0);
    if (!is_ours && span > 0 && length + span + 2 < size) {
      if (others++ > 0)
        buffer[length++] = ':';
      memcpy(buffer + length, from, span);
      length += span;
    }
    from += span;
    if (*from != '\0')
      from++;
  }
  buffer[length] = '\0';
  return others > 0 ? buffer : NULL;
}

#endif
