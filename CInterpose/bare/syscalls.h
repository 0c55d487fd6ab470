/* System calls without libc: errno is not touched, nothing is a cancellation point, no other
 * library's wrapper is called, and a negative result is -errno.
 *
 * Why inline assembly: the hooks run in vfork children, in signal handlers and in programs that
 * are about to confine themselves; libc's wrappers write errno and may be interposed.
 *
 * Every function is MT-safe, AS-safe, keeps errno.
 */
#ifndef CMDMOX_SYSCALLS_H
#define CMDMOX_SYSCALLS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#if !defined(__x86_64__) || !defined(__LP64__)
#error "cmdmox knows the system call convention of x86-64 only"
#endif

static inline long cmdmox_syscall(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

/* cmdmox_call(openat, AT_FDCWD, path, flags): up to six arguments, the rest is 0. */
#define CMDMOX_PICK(number, a, b, c, d, e, f, ...) \
  cmdmox_syscall(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define cmdmox_call(name, ...) CMDMOX_PICK(SYS_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)

/* Nanoseconds of a clock (CLOCK_MONOTONIC, CLOCK_REALTIME); clock_gettime(2). */
uint64_t cmdmox_clock(int clock);

/* Anonymous memory, or NULL; mmap(2). The size has to be given back the same. */
void *cmdmox_map(size_t size);
void cmdmox_unmap(void *memory, size_t size);

/* All signals blocked, and the mask that was there before; rt_sigprocmask(2). */
uint64_t cmdmox_block_signals(void);
void cmdmox_restore_signals(uint64_t mask);

/* write(2), to be called with all signals blocked: takes back the SIGPIPE or SIGXFSZ that it has
 * raised for this thread. */
long cmdmox_write_blocked(int descriptor, const void *bytes, size_t length);

#endif
