/* The launcher: stands where the root will, puts the filter on itself and becomes the root.
 *
 * The filter lets everything pass but the execs, of which it notifies whoever holds the listener:
 * seccomp_unotify(2). It is inherited by everything below. Signals, descriptors and environment are
 * the root's already and are not touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "deep.h"
#include "syscalls.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/* execve and execveat in the three conventions of x86-64. */
enum {
  EXECVE = 59,
  EXECVEAT = 322,
  X32 = 0x40000000,
  X32_EXECVE = X32 | 520,
  X32_EXECVEAT = X32 | 545,
  I386_EXECVE = 11,
  I386_EXECVEAT = 358,
};

#define LOAD(member) \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, member))
/* If equal, `then` instructions further on, else the next but `otherwise`. */
#define IF_EQUAL(value, then, otherwise) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), then, otherwise)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))

static struct sock_filter instructions[] = {
    LOAD(arch),
    IF_EQUAL(AUDIT_ARCH_X86_64, 3, 0),
    IF_EQUAL(AUDIT_ARCH_I386, 0, 9),
    /* i386 */
    LOAD(nr),
    BPF_STMT(BPF_JMP | BPF_JA, 5),
    /* x86-64 and x32 */
    LOAD(nr),
    IF_EQUAL(EXECVE, 6, 0),
    IF_EQUAL(EXECVEAT, 5, 0),
    IF_EQUAL(X32_EXECVE, 4, 0),
    IF_EQUAL(X32_EXECVEAT, 3, 2),
    /* i386 again */
    IF_EQUAL(I386_EXECVE, 2, 0),
    IF_EQUAL(I386_EXECVEAT, 1, 0),
    RETURN(SECCOMP_RET_ALLOW),
    RETURN(SECCOMP_RET_USER_NOTIF),
};

static long install(unsigned long flags) {
  struct sock_fprog program = {.len = sizeof instructions / sizeof *instructions,
                               .filter = instructions};
  return cmdmox_call(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER | flags,
                     &program);
}

/* The listener, or -errno. A signal with a handler must not interrupt an exec that is being looked
 * at: where the kernel can see to that, it does. */
static long install_best(void) {
  long listener = install(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
  return listener == -EINVAL ? install(0) : listener;
}

_Noreturn void deep_launch(int socket, char **arguments, char **environment) {
  cmdmox_call(fcntl, socket, F_SETFD, FD_CLOEXEC);
  struct cmdmox_deep_word word = {.step = CMDMOX_DEEP_FILTER};
  long listener = install_best();
  if (listener == -EACCES) {
    cmdmox_call(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    word.flags |= CMDMOX_DEEP_NO_NEW_PRIVS;
    listener = install_best();
  }
  word.error = listener < 0 ? (uint32_t)-listener : 0;
  char byte;
  if (deep_send(socket, &word, (int)listener) < 0 || listener < 0 ||
      cmdmox_call(read, socket, &byte, 1) != 1) {
    deep_exit(70);
  }
  word.step = CMDMOX_DEEP_EXEC;
  word.error = (uint32_t)-cmdmox_call(execve, arguments[0], arguments + 1, environment);
  deep_send(socket, &word, -1);
  deep_exit(126);
}
