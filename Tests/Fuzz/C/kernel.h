/* Stands before every source of the stand-in (-include): its system calls come to kernel.c, which
 * lets an input answer them. */
#ifndef CMDMOX_FUZZ_KERNEL_H
#define CMDMOX_FUZZ_KERNEL_H

#define cmdmox_syscall cmdmox_real_syscall
#include "syscalls.h"
#undef cmdmox_syscall

/* Called by cmdmox_call. */
long cmdmox_syscall(long number, long a, long b, long c, long d, long e, long f);

#endif
