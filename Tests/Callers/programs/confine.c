/* Programs that confine themselves with a seccomp filter that kills at the first system call which
 * is not on its list.
 *
 *   confine HOW WHAT
 *     HOW   prctl     the filter is installed by prctl
 *           syscall   by syscall(SYS_seccomp)
 *           strict    by prctl, mode 1
 *     WHAT  exit      leaves with exit(3); the list has what libc needs for it
 *           _exit     leaves with _exit(4)
 *           fork      a forked child confines itself and leaves, then this program goes on
 *           exec      executes `show`; the list has what a dynamic program needs to start
 *           spawn     spawns `show`, and once more from there
 */
#include "caller.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* What ld.so, libc's start and exit and `show` call; nothing of it is there for a preload. */
static const int leaving[] = {SYS_write, SYS_exit, SYS_exit_group, SYS_futex, SYS_munmap, SYS_brk};
static const int starting[] = {
    SYS_execve, SYS_brk,       SYS_mmap,       SYS_munmap,          SYS_mprotect,
    SYS_access, SYS_openat,    SYS_newfstatat, SYS_fstat,           SYS_close,
    SYS_read,   SYS_pread64,   SYS_arch_prctl, SYS_set_tid_address, SYS_set_robust_list,
    SYS_rseq,   SYS_prlimit64, SYS_getrandom,  SYS_write,           SYS_exit_group,
    SYS_exit,   SYS_futex,     SYS_lseek,      SYS_readlink,
};
static const int spawning[] = {
    SYS_clone,          SYS_clone3,       SYS_vfork,       SYS_wait4,
    SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_sched_yield, SYS_gettid,
};

static void add_list(struct sock_filter *filter, int *length, const int *list, size_t count) {
  for (size_t i = 0; i < count; i++) {
    filter[(*length)++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, list[i], 0, 1);
    filter[(*length)++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  }
}
#define ADD(list) add_list(filter, &length, list, sizeof list / sizeof list[0])

static void confine(const char *how, const char *what) {
  struct sock_filter filter[128];
  int length = 0;
  filter[length++] =
      (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  ADD(leaving);
  if (strcmp(what, "exec") == 0 || strcmp(what, "spawn") == 0)
    ADD(starting);
  if (strcmp(what, "spawn") == 0)
    ADD(spawning);
  filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  struct sock_fprog program = {.len = length, .filter = filter};
  if (strcmp(how, "strict") == 0) {
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) < 0)
      give_up("strict");
    return;
  }
  prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
  long result = strcmp(how, "syscall") == 0
                    ? syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)
                    : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
  if (result < 0)
    give_up(how);
}

int main(int argc, char **argv) {
  if (argc < 3)
    return 97;
  const char *how = argv[1], *what = argv[2];
  char shown[4096];
  snprintf(shown, sizeof shown, "%s", beside("show"));
  say("before");
  if (strcmp(what, "fork") == 0) {
    pid_t pid = fork();
    if (pid == 0) {
      confine(how, "_exit");
      if (strcmp(how, "strict") == 0)
        syscall(SYS_exit, 5);
      _exit(5);
    }
    say("confined child: %s", status_words(reap(pid)));
    pid = fork();
    if (pid == 0) {
      execl(shown, "show", "beside the confined", (char *)NULL);
      _exit(99);
    }
    say("beside the confined: %s", status_words(reap(pid)));
    return 6;
  }
  confine(how, what);
  say("confined");
  if (strcmp(what, "exit") == 0)
    exit(3);
  if (strcmp(what, "_exit") == 0)
    _exit(4);
  char *words[] = {"show", "after confinement", "exit=7", NULL};
  if (strcmp(what, "exec") == 0) {
    execve(shown, words, environ);
    return 8;
  }
  pid_t pid;
  if (posix_spawn(&pid, shown, NULL, NULL, words, environ) != 0)
    return 9;
  int status = 0;
  waitpid(pid, &status, 0);
  say("spawned: %s", status_words(status));
  _exit(10);
}
