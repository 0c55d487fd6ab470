#include "image.h"

#include <time.h>

#include "syscalls.h"

struct cmdmox_image cmdmox_image;

/* The finalizer of SplitMix64: a bijection, so that two inputs never give one id. */
static uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
  return value ^ (value >> 31);
}

uint64_t cmdmox_id_at(uint64_t stamp, uint64_t thread) {
  /* One thread cannot ask twice within a nanosecond; the seed tells images and namespaces apart. */
  uint64_t id = mix(cmdmox_image.seed ^ mix(stamp + mix(thread)));
  return id != 0 ? id : 1;
}

uint64_t cmdmox_new_id(void) {
  return cmdmox_id_at(cmdmox_clock(CLOCK_MONOTONIC), (uint64_t)cmdmox_call(gettid));
}
