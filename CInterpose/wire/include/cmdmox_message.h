/* Writing one message as frames, into storage of the caller's.
 *
 * Pure: no system call, no heap, no global. The caller says what happens to a full frame. Every
 * function is MT-safe and AS-safe and leaves errno alone.
 */
#ifndef CMDMOX_MESSAGE_H
#define CMDMOX_MESSAGE_H

#include <stdbool.h>

#include "cmdmox_wire.h"

/* Takes one whole frame. Returns false if it could not be delivered: the rest is not sent. */
typedef bool cmdmox_deliver(void *context, const uint8_t *frame, size_t length);

struct cmdmox_message {
  cmdmox_deliver *deliver; /* what happens to a full frame */
  void *context;           /* its first argument */
  uint64_t id;
  uint32_t pid;
  uint16_t index;
  uint8_t kind;
  bool failed;
  uint8_t *frame;
  size_t size; /* of `frame` */
  size_t used; /* bytes of `frame` in use, header included */
};

/* Begins a message of `kind` (enum cmdmox_kind), still without payload, in frames of at most `size`
 * bytes (CMDMOX_FRAME_HEADER + 1 to CMDMOX_FRAME_MAX), the size of `frame`. `id` is unique in the
 * session; `pid` is the writer's. The caller has set `deliver` and `context`. */
void cmdmox_message_begin(struct cmdmox_message *message, uint8_t kind, uint32_t pid, uint64_t id,
                          uint8_t *frame, size_t size);

void cmdmox_message_u32(struct cmdmox_message *message, uint32_t value);
void cmdmox_message_u64(struct cmdmox_message *message, uint64_t value);

/* Appends bytes as they are; the parts of one string may be appended one by one. */
void cmdmox_message_bytes(struct cmdmox_message *message, const void *bytes, size_t length);

/* Appends a string and its NUL. NULL is the empty string. */
void cmdmox_message_string(struct cmdmox_message *message, const char *string);

/* Appends `count` strings of a NULL-terminated array. */
void cmdmox_message_strings(struct cmdmox_message *message, char *const *strings, size_t count);

/* The room left in the current frame, for a caller that writes there itself... */
uint8_t *cmdmox_message_room(struct cmdmox_message *message, size_t *size);
/* ...and then says how much it wrote: at most the size of the room. */
void cmdmox_message_took(struct cmdmox_message *message, size_t length);

/* Delivers what is left. Returns false if any frame of the message was not delivered. */
bool cmdmox_message_end(struct cmdmox_message *message);

#endif
