/* The hooks of what confines a process: prctl(2) and syscall(2) with seccomp, chroot(2).
 *
 * A seccomp filter may kill the process for a system call that it never made itself, so the image
 * says so before and falls silent: from then on nothing here makes a call of its own, and what it
 * executes is not handed the library. In a chroot the library's path is not found, unless the new
 * root has the session and the library where they were: `chroot /`, or folders that are mounted
 * there too. Then nothing is confined.
 *
 * A forked child that does so may be a vfork child, whose memory is its parent's. So it takes its
 * silence back as it leaves: right before it executes something, or ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "confine.h"
#include "events.h"
#include "hooks.h"
#include "image.h"
#include "narrow.h"
#include "next.h"
#include "report.h"
#include "syscalls.h"

/* Marks the environment too: what is executed without a hook hands it down. */
static void mark(enum cmdmox_silence silence) {
  atomic_store_explicit(&cmdmox_image.silent, silence, memory_order_relaxed);
  char *parent = cmdmox_image.parent;
  if (parent != NULL) {
    parent[CMDMOX_PARENT_AT_FLAGS] = silence != CMDMOX_SPEAKING ? '0' + CMDMOX_PARENT_SILENT : '0';
  }
}

bool cmdmox_silence_end(void) {
  if (atomic_load_explicit(&cmdmox_image.silent, memory_order_relaxed) != CMDMOX_SILENT_CHILD) {
    return false;
  }
  mark(CMDMOX_SPEAKING);
  return true;
}

void cmdmox_silence_resume(void) { mark(CMDMOX_SILENT_CHILD); }

static bool fall_silent(uint32_t reason) {
  if (!cmdmox_speaks()) {
    return false;
  }
  cmdmox_announce_confinement(reason, 0);
  mark(cmdmox_is_forked() ? CMDMOX_SILENT_CHILD : CMDMOX_SILENT);
  return true;
}

static void speak_again(uint32_t reason) {
  mark(CMDMOX_SPEAKING);
  cmdmox_announce_confinement(reason, 1);
}

static long result_of(long result) {
  if (result < 0 && result > -4096) {
    errno = (int)-result;
    return -1;
  }
  return result;
}

CMDMOX_HOOK int prctl(int option, ...) {
  unsigned long arguments[4];
  va_list list;
  va_start(list, option);
  for (int i = 0; i < 4; i++) {
    arguments[i] = va_arg(list, unsigned long);
  }
  va_end(list);
  bool silenced = option == PR_SET_SECCOMP && fall_silent(CMDMOX_CONFINED_SECCOMP);
  __typeof__(&prctl) next = CMDMOX_NEXT(prctl);
  int result = next != NULL ? next(option, arguments[0], arguments[1], arguments[2], arguments[3])
                            : (int)result_of(cmdmox_call(prctl, option, arguments[0], arguments[1],
                                                         arguments[2], arguments[3]));
  if (silenced && result != 0) {
    speak_again(CMDMOX_CONFINED_SECCOMP);
  }
  return result;
}

/* In a root that it was not started in. The name of a session is no other's. Where only the new
 * root has 32-bit programs, those must not be given a library of the other class. */
static bool reaches_session(bool ran_narrow) {
  return cmdmox_call(faccessat, AT_FDCWD, cmdmox_image.library, R_OK) == 0 &&
         cmdmox_recorder_listens() && (ran_narrow || !cmdmox_runs_narrow());
}

CMDMOX_HOOK int chroot(const char *path) {
  bool silenced = fall_silent(CMDMOX_CONFINED_CHROOT);
  bool ran_narrow = silenced && cmdmox_runs_narrow();
  __typeof__(&chroot) next = CMDMOX_NEXT(chroot);
  int result = next != NULL ? next(path) : (int)result_of(cmdmox_call(chroot, path));
  if (silenced && (result != 0 || reaches_session(ran_narrow))) {
    speak_again(CMDMOX_CONFINED_CHROOT);
  }
  return result;
}

/* syscall(SYS_seccomp, …), reached from the stub below with syscall's own arguments. */
__attribute__((used)) long cmdmox_syscall_seccomp(long number, long a, long b, long c, long d,
                                                  long e, long f) {
  bool silenced = fall_silent(CMDMOX_CONFINED_SECCOMP);
  long result = result_of(cmdmox_syscall(number, a, b, c, d, e, f));
  /* 0: installed; a number: a notification descriptor, or with TSYNC the thread that refused. */
  if (silenced && result < 0) {
    speak_again(CMDMOX_CONFINED_SECCOMP);
  }
  return result;
}

/* Every other system call: as libc's syscall(2) makes it, errno included. */
__attribute__((used)) long cmdmox_syscall_error(long result) { return result_of(result); }

/* Hot in some programs, so one compare and then what libc's own function does. */
__asm__(
    ".text\n"
    ".globl syscall\n"
    ".type syscall, @function\n"
    "syscall:\n"
    ".cfi_startproc\n"
    "  cmp $317, %rdi\n" /* SYS_seccomp */
    "  je cmdmox_syscall_seccomp\n"
    "  mov %rdi, %rax\n"
    "  mov %rsi, %rdi\n"
    "  mov %rdx, %rsi\n"
    "  mov %rcx, %rdx\n"
    "  mov %r8, %r10\n"
    "  mov %r9, %r8\n"
    "  mov 8(%rsp), %r9\n"
    "  syscall\n"
    "  cmp $-4095, %rax\n"
    "  jae 1f\n"
    "  ret\n"
    "1:\n"
    "  mov %rax, %rdi\n"
    "  jmp cmdmox_syscall_error\n"
    ".cfi_endproc\n"
    ".size syscall, .-syscall\n");
_Static_assert(SYS_seccomp == 317, "the stub compares with this number");
