/* 32-bit programs: ld.so says on their stderr that a preloaded library has the wrong class.
 *
 * Beside the library lies a folder `cmdmox` with one of the same name for each `$LIB`, which ld.so
 * replaces by its own folder for libraries (ld.so(8)): links to ours for 64 bits, one with nothing
 * in it for 32. A 32-bit program gets the path with `$LIB`, so that the 64-bit programs that it
 * runs find the session again. All others get that of the link in `lib64`: ld.so looks for
 * /proc/self/exe where it sees a `$`, which costs as much as the rest of us. Where no 32-bit
 * program runs, or the folder is not complete, the library has its own path, and nothing here costs
 * anything.
 *
 * Every function but the first is MT-safe, AS-safe, and keeps errno.
 */
#ifndef CMDMOX_NARROW_H
#define CMDMOX_NARROW_H

#include <stdbool.h>
#include <stddef.h>

/* The path that 64-bit programs get of the library that has the path `library`. For the constructor
 * of a bare root. */
const char *cmdmox_library_beside_narrow(const char *library);

/* The path in cmdmox_image.library has come with one of the two: it shall be that of 64-bit
 * programs. For the constructor. */
void cmdmox_note_library(void);

/* The library's path for LD_PRELOAD of a program: `path` below `directory`, as execveat(2) gets it;
 * NULL where nobody knows it. */
const char *cmdmox_library_for(int directory, const char *path);

/* How long the folder is that the library itself lies in, which has the path `library`; without the
 * last slash. No system call. */
size_t cmdmox_library_folder(const char *library);

/* 32-bit programs get another path. No system call. */
bool cmdmox_has_narrow(void);

/* 32-bit programs run here. */
bool cmdmox_runs_narrow(void);

#endif
