/* The functions behind our hooks: the next definition after this library, another preload's or
 * libc's, as dlsym(RTLD_NEXT) would give it.
 *
 * Why not dlsym: it takes locks and allocates, and the hooks run in vfork children and signal
 * handlers, some before any constructor. Here the link map is walked and the GNU hash table is
 * read. MT-safe, AS-safe, keeps errno, no system call.
 */
#ifndef CMDMOX_NEXT_H
#define CMDMOX_NEXT_H

#include <stdatomic.h>
#include <stdbool.h>

/* The function of this name, or NULL. The answer is kept in `*place`; writing it is harmless in a
 * vfork child, since every process of the image would write the same. */
void *cmdmox_next(_Atomic(void *) *place, const char *name);

/* True if libc knows of no other thread: __libc_single_threaded, from glibc 2.32 on. MT-safe,
 * AS-safe, keeps errno, no system call. */
bool cmdmox_is_single_threaded(void);

/* The path that this library was loaded from, as ld.so knows it: maybe relative; NULL if unknown.
 */
const char *cmdmox_own_path(void);

/* CMDMOX_NEXT(execve)(path, argv, envp): the real function of that name, of the same type. */
#define CMDMOX_NEXT(function)                              \
  ({                                                       \
    static _Atomic(void *) place;                          \
    (__typeof__(&function))cmdmox_next(&place, #function); \
  })

#endif
