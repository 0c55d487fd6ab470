/* Integers in the control messages: little-endian, unaligned. */
#ifndef CMDMOX_SHIM_PACKING_H
#define CMDMOX_SHIM_PACKING_H

#include <stddef.h>
#include <stdint.h>

static inline uint8_t *shim_put(uint8_t *at, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    at[i] = (uint8_t)(value >> (8 * i));
  }
  return at + bytes;
}

static inline uint64_t shim_get(const uint8_t *at, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; i++) {
    value |= (uint64_t)at[i] << (8 * i);
  }
  return value;
}

#endif
