#include "narrow.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <unistd.h>

#include "cmdmox_bytes.h"
#include "image.h"
#include "syscalls.h"

static const char for_each[] = "cmdmox/$LIB/" CMDMOX_LIBRARY_NAME;
enum { FOLDER = sizeof "cmdmox" - 1 };

static bool is_there(const char *path) { return cmdmox_call(faccessat, AT_FDCWD, path, F_OK) == 0; }

/* Where the 32-bit libraries lie in `lib`, as Fedora has them, some foreign 64-bit loaders mean
 * that folder too. PreloadPath.swift has the same. */
static bool are_told_apart(void) {
  return is_there("/lib/ld-linux.so.2") &&
         (!is_there("/lib/libc.so.6") || is_there("/usr/lib32/libc.so.6"));
}

const char *cmdmox_library_for_both(const char *library) {
  static char path[PATH_MAX];
  const char *slash = cmdmox_last(library, '/');
  size_t length = slash != NULL ? (size_t)(slash - library) + 1 : 0;
  if (length == 0 || length + sizeof for_each > sizeof path || !are_told_apart()) {
    return library;
  }
  cmdmox_copy(path, library, length);
  cmdmox_copy(path + length, for_each, FOLDER);
  path[length + FOLDER] = '\0';
  if (!is_there(path)) {
    return library;
  }
  cmdmox_copy(path + length, for_each, sizeof for_each);
  return path;
}
