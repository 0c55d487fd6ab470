#include "narrow.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmdmox_bytes.h"
#include "image.h"
#include "syscalls.h"

enum { LONGEST = 256 }; /* a longer path of the library is left as it is */

static const char for_wide[] = "cmdmox/lib64/" CMDMOX_LIBRARY_NAME;
static const char for_narrow[] = "cmdmox/lib32/" CMDMOX_LIBRARY_NAME;
static const char for_both[] = "cmdmox/$LIB/" CMDMOX_LIBRARY_NAME;

/* The path for 32-bit programs, or "". */
static char other[LONGEST];

static bool is_there(const char *path, int mode) {
  return cmdmox_call(faccessat, AT_FDCWD, path, mode) == 0;
}

bool cmdmox_runs_narrow(void) { return is_there("/lib/ld-linux.so.2", F_OK); }

/* Where the 32-bit libraries lie in `lib`, as Fedora has them, some foreign 64-bit loaders mean
 * that folder too. PreloadPath.swift has the same. */
static bool are_told_apart(void) {
  return !is_there("/lib/libc.so.6", F_OK) || is_there("/usr/lib32/libc.so.6", F_OK);
}

const char *cmdmox_library_beside_narrow(const char *library) {
  static char path[LONGEST];
  const char *slash = cmdmox_last(library, '/');
  size_t length = slash != NULL ? (size_t)(slash - library) + 1 : 0;
  if (length == 0 || length + sizeof for_wide > sizeof path || !cmdmox_runs_narrow() ||
      !are_told_apart()) {
    return library;
  }
  cmdmox_copy(path, library, length);
  cmdmox_copy(path + length, for_narrow, sizeof for_narrow);
  bool is_complete = is_there(path, R_OK);
  cmdmox_copy(path + length, for_wide, sizeof for_wide);
  return is_complete && is_there(path, R_OK) ? path : library;
}

/* What stands in `path` before `end`, or 0. */
static size_t before(const char *path, const char *end, size_t end_length) {
  size_t length = cmdmox_length(path);
  return length > end_length && cmdmox_same(path + length - end_length, end) ? length - end_length
                                                                             : 0;
}

size_t cmdmox_library_folder(const char *library) {
  size_t folder = before(library, for_wide, sizeof for_wide - 1);
  return folder > 0 ? folder - 1 : (size_t)(cmdmox_last(library, '/') - library);
}

void cmdmox_note_library(void) {
  static char wide[LONGEST];
  const char *library = cmdmox_image.library;
  size_t folder = before(library, for_wide, sizeof for_wide - 1);
  if (folder == 0) {
    folder = before(library, for_both, sizeof for_both - 1); /* handed down by a 32-bit program */
    if (folder == 0 || folder + sizeof for_wide > sizeof wide) {
      return;
    }
    cmdmox_copy(wide, library, folder);
    cmdmox_copy(wide + folder, for_wide, sizeof for_wide);
    cmdmox_image.library = wide;
  }
  if (folder + sizeof for_both <= sizeof other) {
    cmdmox_copy(other, library, folder);
    cmdmox_copy(other + folder, for_both, sizeof for_both);
  }
}

bool cmdmox_has_narrow(void) { return other[0] != '\0'; }

/* The caller's string is read by the kernel only: it may be none. What is not a regular file is not
 * opened: that could have effects. */
static bool is_narrow(int directory, const char *path) {
  unsigned char head[EI_NIDENT];
  struct stat status;
  if (cmdmox_call(newfstatat, directory, path, &status, AT_EMPTY_PATH) < 0 ||
      !S_ISREG(status.st_mode)) {
    return false;
  }
  long file = cmdmox_call(openat, directory, path, O_RDONLY | O_CLOEXEC);
  /* Without a path it is the descriptor itself. */
  long length = cmdmox_call(pread64, file >= 0 ? file : directory, head, sizeof head, 0);
  if (file >= 0) {
    cmdmox_call(close, file);
  }
  return length == sizeof head && cmdmox_equal(head, ELFMAG, SELFMAG) &&
         head[EI_CLASS] == ELFCLASS32;
}

const char *cmdmox_library_for(int directory, const char *path) {
  return cmdmox_has_narrow() && cmdmox_speaks() && path != NULL && is_narrow(directory, path)
             ? other
             : cmdmox_image.library;
}
