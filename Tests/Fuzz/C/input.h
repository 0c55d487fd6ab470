/* Decisions, made by the bytes of an input one after the other. What an input does not say any more
 * is 0. */
#ifndef CMDMOX_FUZZ_INPUT_H
#define CMDMOX_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input {
  const uint8_t *bytes;
  size_t left;
};

/* Ends the run where something is not as it must be. */
#define EXPECT(condition)                                                     \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                \
    }                                                                         \
  } while (0)

static inline uint8_t input_byte(struct input *input) {
  if (input->left == 0) {
    return 0;
  }
  input->left--;
  return *input->bytes++;
}

static inline uint64_t input_integer(struct input *input, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; i++) {
    value |= (uint64_t)input_byte(input) << (8 * i);
  }
  return value;
}

/* Takes `wanted` bytes, or what is left. Returns how many, and where they are. */
static inline size_t input_take(struct input *input, size_t wanted, const uint8_t **bytes) {
  size_t taken = wanted < input->left ? wanted : input->left;
  *bytes = input->bytes;
  input->bytes += taken;
  input->left -= taken;
  return taken;
}

/* A string of the next bytes up to a NUL, in memory of its own: to be freed. */
static inline char *input_string(struct input *input) {
  size_t length = strnlen((const char *)input->bytes, input->left);
  char *string = malloc(length + 1);
  EXPECT(string != NULL);
  const uint8_t *bytes;
  input_take(input, length, &bytes);
  memcpy(string, bytes, length);
  string[length] = '\0';
  input_byte(input);
  return string;
}

#endif
