/* The command as our child, and the command instead of us. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "cmdmox_bytes.h"
#include "kernel_signals.h"
#include "shim.h"
#include "syscalls.h"

_Noreturn void shim_exit(int code) {
  for (;;) {
    cmdmox_call(exit_group, code);
  }
}

int shim_exec_failure(int error) { return error == ENOENT ? 127 : 126; }

/* What the stand-in changed of the process that the command is to get. */
static void set_back(const struct shim *shim) {
  if (shim->child_signals_ignored) {
    shim_set_disposition(SIGCHLD, SIG_IGN);
  }
  if (shim->files_raised) {
    cmdmox_call(prlimit64, 0, RLIMIT_NOFILE, &shim->files, NULL);
  }
  if (shim->signals > 0) {
    cmdmox_restore_signals(shim->mask);
  }
}

/* Executes the command in this process, whose role it is. Returns errno. */
static int execute(struct shim_command *command) {
  if (command->parent != NULL) {
    command->handed.owner = (uint32_t)cmdmox_call(getpid);
    cmdmox_parent_write(command->parent, command->handed);
  }
  return (int)-cmdmox_call(execve, command->path, command->argv, command->environment);
}

_Noreturn void shim_become(struct shim *shim) {
  set_back(shim);
  shim_exit(shim_exec_failure(execute(&shim->command)));
}

/* The child. It shares our memory until it executes, but not our descriptors or signals. */
static void be_child(void *argument) {
  struct shim *shim = argument;
  /* Whoever kills the stand-in means the command. A set-uid command drops this in its exec. */
  cmdmox_call(prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (cmdmox_call(getppid) != shim->pid) {
    shim_exit(128 + SIGKILL); /* it had died before */
  }
  for (int i = 0; i < 3; i++) {
    if (shim->streams[i].child >= 0) {
      cmdmox_call(dup2, shim->streams[i].child, i);
    }
  }
  set_back(shim);
  shim->error = execute(&shim->command);
  shim_exit(shim_exec_failure(shim->error));
}

/* The kernel reads the fifth argument only with CLONE_SETTLS, so that the function may stand in its
 * register. */
long shim_clone(unsigned long flags, void *stack, void (*body)(void *), void *argument) {
  register void *r8 __asm__("r8") = (void *)body;
  register void *r9 __asm__("r9") = argument;
  register long r10 __asm__("r10") = 0;
  long result;
  __asm__ volatile(
      "syscall\n"
      "test %%rax, %%rax\n"
      "jnz 1f\n"
      "xor %%ebp, %%ebp\n"
      "mov %%r9, %%rdi\n"
      "call *%%r8\n"
      "hlt\n"
      "1:\n"
      : "=a"(result)
      : "a"(SYS_clone), "D"(flags), "S"(stack), "d"(0L), "r"(r10), "r"(r8), "r"(r9)
      : "rcx", "r11", "memory");
  return result;
}

bool shim_spawn(struct shim *shim) {
  static char stack[16 << 10] __attribute__((aligned(16)));
  shim->pid = (int)cmdmox_call(getpid);
  long child = shim_clone(CLONE_VM | CLONE_VFORK | SIGCHLD, stack + sizeof stack, be_child, shim);
  if (child < 0) {
    return false;
  }
  shim->child = (int)child;
  for (int i = 0; i < 3; i++) {
    /* stderr may share stdout's */
    if (i == 2 && (shim->streams[2].flags & CMDMOX_STREAM_MERGED) != 0) {
      shim->streams[2].child = -1;
    }
    shim_close(&shim->streams[i].child);
  }
  if (shim->error != 0) {
    cmdmox_call(wait4, child, &shim->status, 0, &shim->usage);
    shim->ended = cmdmox_clock(CLOCK_MONOTONIC);
  }
  return true;
}
