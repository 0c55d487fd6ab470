/* Signal dispositions as the kernel takes them; libc's struct sigaction differs. */
#ifndef CMDMOX_SHIM_KERNEL_SIGNALS_H
#define CMDMOX_SHIM_KERNEL_SIGNALS_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "syscalls.h"

struct shim_action {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)(void);
  uint64_t mask;
};

static inline void shim_set_disposition(int signal, void (*handler)(int)) {
  struct shim_action action = {.handler = handler};
  cmdmox_call(rt_sigaction, signal, &action, NULL, sizeof action.mask);
}

static inline void (*shim_disposition(int signal))(int) {
  struct shim_action action = {.handler = SIG_DFL};
  cmdmox_call(rt_sigaction, signal, NULL, &action, sizeof action.mask);
  return action.handler;
}

/* 0 for what is no signal: the status of a recording may name any. */
static inline uint64_t shim_signal_bit(int signal) {
  return signal >= 1 && signal <= 64 ? UINT64_C(1) << (signal - 1) : 0;
}

#endif
