/* 32-bit programs: ld.so says on their stderr that a preloaded library has the wrong class.
 *
 * Beside the library lies a folder `cmdmox` with a library of the same name for each `$LIB`, which
 * ld.so replaces by its own folder for libraries (ld.so(8)): links to ours for 64 bits, one with
 * nothing in it for 32. So a 32-bit program starts without a word, and the 64-bit programs that it
 * runs find the session again.
 */
#ifndef CMDMOX_NARROW_H
#define CMDMOX_NARROW_H

/* The path of `library` for LD_PRELOAD where 32-bit programs run here, else `library`. For the
 * constructor. */
const char *cmdmox_library_for_both(const char *library);

#endif
