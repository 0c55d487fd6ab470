/* 32-bit programs: ld.so says on their stderr that a preloaded library has the wrong class.
 *
 * Beside the library lies a folder `cmdmox` with a library of the same name for each `$LIB`, which
 * ld.so replaces by its own folder for libraries (ld.so(8)): links to ours for 64 bits, one with
 * nothing in it for 32. So a 32-bit program starts without a word, and the 64-bit programs that it
 * runs find the session again.
 *
 * Every function is MT-safe but the first, AS-safe, and keeps errno.
 */
#ifndef CMDMOX_NARROW_H
#define CMDMOX_NARROW_H

#include <stdbool.h>

/* The path of `library` for LD_PRELOAD where 32-bit programs run here, else `library`. For the
 * constructor. */
const char *cmdmox_library_for_both(const char *library);

/* True if `library` is a path with `$LIB`. No system call. */
bool cmdmox_is_for_both(const char *library);

/* 64-bit programs find `library`, whichever of the two paths it is. */
bool cmdmox_library_is_found(const char *library);

/* 32-bit programs run here. */
bool cmdmox_runs_narrow(void);

#endif
