#include "cmdmox_message.h"

#include "cmdmox_bytes.h"

_Static_assert(CMDMOX_FRAME_AT_MESSAGE + 8 == CMDMOX_FRAME_HEADER, "the header ends with the id");
_Static_assert(CMDMOX_FRAME_MAX - CMDMOX_FRAME_HEADER <= UINT16_MAX, "a frame's length is a u16");
_Static_assert(CMDMOX_PARENT_AT_FLAGS == CMDMOX_ID_DIGITS, "the flags follow the first id");
_Static_assert(CMDMOX_PARENT_AT_INTENT + CMDMOX_ID_DIGITS == CMDMOX_PARENT_AT_OWNER, "fixed width");

static void store(uint8_t *at, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    at[i] = (uint8_t)(value >> (8 * i));
  }
}

static void finish_frame(struct cmdmox_message *message, uint16_t flags) {
  uint8_t *frame = message->frame;
  store(frame + CMDMOX_FRAME_AT_MAGIC, CMDMOX_FRAME_MAGIC, 4);
  frame[CMDMOX_FRAME_AT_VERSION] = CMDMOX_WIRE_VERSION;
  frame[CMDMOX_FRAME_AT_KIND] = message->kind;
  store(frame + CMDMOX_FRAME_AT_FLAGS, flags, 2);
  store(frame + CMDMOX_FRAME_AT_PID, message->pid, 4);
  store(frame + CMDMOX_FRAME_AT_INDEX, message->index, 2);
  store(frame + CMDMOX_FRAME_AT_LENGTH, message->used - CMDMOX_FRAME_HEADER, 2);
  store(frame + CMDMOX_FRAME_AT_MESSAGE, message->id, 8);
  if (!message->failed && !message->deliver(message->context, frame, message->used)) {
    message->failed = true;
  }
  message->index++;
  message->used = CMDMOX_FRAME_HEADER;
}

void cmdmox_message_begin(struct cmdmox_message *message, uint8_t kind, uint32_t pid, uint64_t id,
                          uint8_t *frame, size_t size) {
  message->frame = frame;
  message->size = size;
  message->id = id;
  message->pid = pid;
  message->index = 0;
  message->kind = kind;
  message->failed = false;
  message->used = CMDMOX_FRAME_HEADER;
}

void cmdmox_message_bytes(struct cmdmox_message *message, const void *bytes, size_t length) {
  const uint8_t *from = bytes;
  while (length > 0) {
    size_t room = message->size - message->used;
    if (room == 0) {
      finish_frame(message, 0);
      continue;
    }
    size_t part = length < room ? length : room;
    cmdmox_copy(message->frame + message->used, from, part);
    message->used += part;
    from += part;
    length -= part;
  }
}

void cmdmox_message_u32(struct cmdmox_message *message, uint32_t value) {
  uint8_t bytes[4];
  store(bytes, value, sizeof bytes);
  cmdmox_message_bytes(message, bytes, sizeof bytes);
}

void cmdmox_message_u64(struct cmdmox_message *message, uint64_t value) {
  uint8_t bytes[8];
  store(bytes, value, sizeof bytes);
  cmdmox_message_bytes(message, bytes, sizeof bytes);
}

void cmdmox_message_string(struct cmdmox_message *message, const char *string) {
  if (string == NULL) {
    string = "";
  }
  cmdmox_message_bytes(message, string, cmdmox_length(string) + 1);
}

void cmdmox_message_strings(struct cmdmox_message *message, char *const *strings, size_t count) {
  for (size_t i = 0; i < count; i++) {
    cmdmox_message_string(message, strings[i]);
  }
}

uint8_t *cmdmox_message_room(struct cmdmox_message *message, size_t *size) {
  *size = message->size - message->used;
  return message->frame + message->used;
}

void cmdmox_message_took(struct cmdmox_message *message, size_t length) { message->used += length; }

bool cmdmox_message_end(struct cmdmox_message *message) {
  finish_frame(message, CMDMOX_FRAME_LAST);
  return !message->failed;
}
