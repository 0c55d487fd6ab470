#include "syscalls.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

uint64_t cmdmox_clock(int clock) {
  struct timespec now = {0, 0};
  cmdmox_call(clock_gettime, clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void *cmdmox_map(size_t size) {
  long memory =
      cmdmox_call(mmap, 0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory < 0 && memory > -4096 ? NULL : (void *)memory;
}

void cmdmox_unmap(void *memory, size_t size) {
  if (memory != NULL) {
    cmdmox_call(munmap, memory, size);
  }
}

uint64_t cmdmox_block_signals(void) {
  uint64_t all = ~UINT64_C(0), before = 0;
  cmdmox_call(rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof before);
  return before;
}

void cmdmox_restore_signals(uint64_t mask) {
  cmdmox_call(rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

long cmdmox_write_blocked(int descriptor, const void *bytes, size_t length) {
  long written = cmdmox_call(write, descriptor, bytes, length);
  int raised = written == -EPIPE ? SIGPIPE : written == -EFBIG ? SIGXFSZ : 0;
  if (raised != 0) {
    uint64_t set = UINT64_C(1) << (raised - 1);
    struct timespec now = {0, 0};
    cmdmox_call(rt_sigtimedwait, &set, NULL, &now, sizeof set);
  }
  return written;
}
