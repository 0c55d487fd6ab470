#include "narrow.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "cmdmox_bytes.h"
#include "image.h"
#include "syscalls.h"

#define TOKEN "$LIB"

static bool is_there(const char *path, int mode) {
  return cmdmox_call(faccessat, AT_FDCWD, path, mode) == 0;
}

bool cmdmox_runs_narrow(void) { return is_there("/lib/ld-linux.so.2", F_OK); }

/* Where the 32-bit libraries lie in `lib`, as Fedora has them, some foreign 64-bit loaders mean
 * that folder too. PreloadPath.swift has the same. */
static bool are_told_apart(void) {
  return cmdmox_runs_narrow() &&
         (!is_there("/lib/libc.so.6", F_OK) || is_there("/usr/lib32/libc.so.6", F_OK));
}

/* The folder that stands before "$LIB/libcmdmox.so" in `library`, or 0. */
static size_t folder_length(const char *library) {
  static const char end[] = "/" TOKEN "/" CMDMOX_LIBRARY_NAME;
  size_t length = cmdmox_length(library), end_length = sizeof end - 1;
  return length > end_length && cmdmox_same(library + length - end_length, end)
             ? length - end_length + 1
             : 0;
}

/* A library for `$LIB` in `folder`, which has `length` bytes, can be read. */
static bool has_library(const char *folder, size_t length, const char *lib) {
  char path[PATH_MAX];
  size_t lib_length = cmdmox_length(lib);
  if (length + lib_length + sizeof "/" CMDMOX_LIBRARY_NAME > sizeof path) {
    return false;
  }
  cmdmox_copy(path, folder, length);
  cmdmox_copy(path + length, lib, lib_length);
  cmdmox_copy(path + length + lib_length, "/" CMDMOX_LIBRARY_NAME, sizeof "/" CMDMOX_LIBRARY_NAME);
  return is_there(path, R_OK);
}

const char *cmdmox_library_for_both(const char *library) {
  static const char beside[] = "cmdmox/", each[] = TOKEN "/" CMDMOX_LIBRARY_NAME;
  const char *slash = cmdmox_last(library, '/');
  size_t length = slash != NULL ? (size_t)(slash - library) + 1 : 0;
  size_t folder = length + sizeof beside - 1;
  if (length == 0 || !are_told_apart()) {
    return library;
  }
  char *path = cmdmox_map(folder + sizeof each);
  if (path == NULL) {
    return library;
  }
  cmdmox_copy(path, library, length);
  cmdmox_copy(path + length, beside, sizeof beside - 1);
  cmdmox_copy(path + folder, each, sizeof each);
  if (has_library(path, folder, "lib64") && has_library(path, folder, "lib32")) {
    return path;
  }
  cmdmox_unmap(path, folder + sizeof each);
  return library;
}

bool cmdmox_is_for_both(const char *library) { return folder_length(library) != 0; }

bool cmdmox_library_is_found(const char *library) {
  size_t folder = folder_length(library);
  return folder != 0 ? has_library(library, folder, "lib64") : is_there(library, R_OK);
}
