/* The pure C that runs in other programs' processes: what is encoded reads the same once its frames
 * are put together, and an environment that is repaired keeps what is not ours. */
#include "cmdmox_environment.h"
#include "cmdmox_message.h"
#include "input.h"

/* Messages */

struct reader {
  uint8_t *payload;
  size_t length;
  size_t size; /* of a frame, at most */
  uint16_t index;
  bool ended;
  int refused; /* the frame that is not delivered; -1: none */
};

static uint64_t little_endian(const uint8_t *at, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; i++) {
    value |= (uint64_t)at[i] << (8 * i);
  }
  return value;
}

static void append(struct reader *reader, const void *bytes, size_t length) {
  reader->payload = realloc(reader->payload, reader->length + length + 1);
  EXPECT(reader->payload != NULL);
  if (length > 0) {
    memcpy(reader->payload + reader->length, bytes, length);
  }
  reader->length += length;
}

static bool read_frame(void *context, const uint8_t *frame, size_t length) {
  struct reader *reader = context;
  EXPECT(length >= CMDMOX_FRAME_HEADER && length <= reader->size && !reader->ended);
  EXPECT(little_endian(frame + CMDMOX_FRAME_AT_MAGIC, 4) == CMDMOX_FRAME_MAGIC);
  EXPECT(frame[CMDMOX_FRAME_AT_VERSION] == CMDMOX_WIRE_VERSION);
  EXPECT(frame[CMDMOX_FRAME_AT_KIND] == CMDMOX_KIND_EXIT);
  EXPECT(little_endian(frame + CMDMOX_FRAME_AT_PID, 4) == 7);
  EXPECT(little_endian(frame + CMDMOX_FRAME_AT_MESSAGE, 8) == 9);
  EXPECT(little_endian(frame + CMDMOX_FRAME_AT_INDEX, 2) == reader->index);
  EXPECT(little_endian(frame + CMDMOX_FRAME_AT_LENGTH, 2) == length - CMDMOX_FRAME_HEADER);
  reader->ended = little_endian(frame + CMDMOX_FRAME_AT_FLAGS, 2) == CMDMOX_FRAME_LAST;
  EXPECT(reader->ended || length == reader->size);
  append(reader, frame + CMDMOX_FRAME_HEADER, length - CMDMOX_FRAME_HEADER);
  return reader->index++ != reader->refused;
}

static void encode(struct input *input) {
  uint16_t choice = (uint16_t)input_integer(input, 2);
  size_t size = CMDMOX_FRAME_HEADER + 1 + choice % (CMDMOX_FRAME_MAX - CMDMOX_FRAME_HEADER);
  struct reader reader = {.size = size, .refused = (int)input_byte(input) - 1};
  struct reader said = {.payload = NULL};
  uint8_t *frame = malloc(size);
  EXPECT(frame != NULL);
  struct cmdmox_message message = {.deliver = read_frame, .context = &reader};
  cmdmox_message_begin(&message, CMDMOX_KIND_EXIT, 7, 9, frame, size);
  while (input->left > 0) {
    switch (input_byte(input) % 5) {
      case 0: {
        uint32_t value = (uint32_t)input_integer(input, 4);
        cmdmox_message_u32(&message, value);
        append(&said, &value, sizeof value);
        break;
      }
      case 1: {
        uint64_t value = input_integer(input, 8);
        cmdmox_message_u64(&message, value);
        append(&said, &value, sizeof value);
        break;
      }
      case 2: {
        char *string = input_string(input);
        cmdmox_message_string(&message, string);
        append(&said, string, strlen(string) + 1);
        free(string);
        break;
      }
      case 3: {
        const uint8_t *bytes;
        size_t length = input_take(input, input_byte(input) * 37u, &bytes);
        cmdmox_message_bytes(&message, bytes, length);
        append(&said, bytes, length);
        break;
      }
      default: {
        size_t room;
        uint8_t *at = cmdmox_message_room(&message, &room);
        size_t length = input_byte(input);
        length = length < room ? length : room;
        memset(at, 'r', length);
        cmdmox_message_took(&message, length);
        append(&said, at, length);
        break;
      }
    }
  }
  bool delivered = cmdmox_message_end(&message);
  bool whole = reader.ended && reader.length == said.length &&
               (said.length == 0 || memcmp(reader.payload, said.payload, said.length) == 0);
  bool refused = reader.refused >= 0 && reader.refused < reader.index;
  EXPECT(delivered == !refused);
  EXPECT(whole || refused);
  free(frame);
  free(reader.payload);
  free(said.payload);
}

/* Environments */

enum { MOST = 64 };

static size_t count_strings(char *const *strings) {
  size_t count = 0;
  while (strings[count] != NULL) {
    count++;
  }
  return count;
}

static bool is_ours(const char *entry) {
  return strncmp(entry, "LD_PRELOAD=", 11) == 0 || strncmp(entry, "CMDMOX_SESSION=", 15) == 0 ||
         strncmp(entry, "CMDMOX_PARENT=", 14) == 0;
}

/* What is not ours stands in both in the same order, untouched. */
static void expect_kept(char *const *before, char *const *after) {
  for (;;) {
    while (*before != NULL && is_ours(*before)) {
      before++;
    }
    while (*after != NULL && is_ours(*after)) {
      after++;
    }
    EXPECT(*before == *after);
    if (*before == NULL) {
      return;
    }
    before++;
    after++;
  }
}

/* How often `library`'s base name stands in LD_PRELOAD, as ld.so reads it. */
static int preloads(const char *list, const char *base) {
  int found = 0;
  char *copy = strdup(list), *rest = copy;
  for (char *entry; (entry = strsep(&rest, " :")) != NULL;) {
    const char *slash = strrchr(entry, '/');
    found += strcmp(slash != NULL ? slash + 1 : entry, base) == 0;
  }
  free(copy);
  return found;
}

static void expect_repaired(char *const *envp, const struct cmdmox_environment *made,
                            const struct cmdmox_variables *ours) {
  size_t length = strlen(ours->library);
  int preload = 0, parent = 0, session = 0;
  for (char *const *entry = made->block; *entry != NULL; entry++) {
    if (strncmp(*entry, "LD_PRELOAD=", 11) == 0) {
      const char *list = *entry + 11;
      EXPECT(strncmp(list, ours->library, length) == 0);
      EXPECT(list[length] == '\0' || list[length] == ':' || list[length] == ' ');
      EXPECT(preloads(list, "libcmdmox.so") == 1);
      preload++;
    }
    parent += strncmp(*entry, "CMDMOX_PARENT=", 14) == 0;
    session += strncmp(*entry, "CMDMOX_SESSION=", 15) == 0;
  }
  EXPECT(preload >= 1 && parent >= 1 && session >= 1);
  EXPECT(count_strings(made->block) == (envp != NULL ? count_strings(envp) : 0) + made->added);
}

static void repair(struct input *input) {
  static const struct cmdmox_variables ours = {.library = "/l/libcmdmox.so",
                                               .session = "CMDMOX_SESSION=/run/s"};
  char *strings[MOST + 1] = {NULL};
  for (size_t count = 0; count < MOST && input->left > 0; count++) {
    strings[count] = input_string(input);
  }
  /* Exactly as much as there is. */
  size_t size = (count_strings(strings) + 1) * sizeof *strings;
  char **envp = malloc(size);
  EXPECT(envp != NULL);
  memcpy(envp, strings, size);

  void *storage = malloc(cmdmox_environment_size(envp, &ours));
  struct cmdmox_environment made = cmdmox_environment_build(storage, envp, &ours);
  expect_repaired(envp, &made, &ours);
  expect_kept(envp, made.block);
  struct cmdmox_parent told = {.image = 1, .flags = 2, .intent = 3, .owner = 4}, heard;
  cmdmox_parent_write(made.parent, told);
  EXPECT(cmdmox_parent_read(cmdmox_environment_value(made.block, CMDMOX_ENV_PARENT), &heard));
  EXPECT(heard.image == 1 && heard.flags == 2 && heard.intent == 3 && heard.owner == 4);

  /* What was repaired is right. */
  void *again = malloc(cmdmox_environment_size(made.block, &ours));
  struct cmdmox_environment twice = cmdmox_environment_build(again, made.block, &ours);
  EXPECT(twice.added == 0 && count_strings(twice.block) == count_strings(made.block));
  for (size_t i = 0; made.block[i] != NULL; i++) {
    bool is_parent = strncmp(made.block[i], "CMDMOX_PARENT=", 14) == 0;
    EXPECT(is_parent || strcmp(made.block[i], twice.block[i]) == 0);
  }
  free(again);

  void *stripped_storage =
      malloc(cmdmox_environment_strip_size(made.block) + sizeof "libcmdmox.so");
  char **stripped = cmdmox_environment_strip(stripped_storage, made.block, "libcmdmox.so");
  expect_kept(envp, stripped);
  const char *list = cmdmox_environment_value(stripped, "LD_PRELOAD");
  EXPECT(list == NULL || preloads(list, "libcmdmox.so") == 0);
  EXPECT(cmdmox_environment_value(stripped, CMDMOX_ENV_SESSION) == NULL);
  EXPECT(cmdmox_environment_value(stripped, CMDMOX_ENV_PARENT) == NULL);
  free(stripped_storage);
  free(storage);
  for (size_t i = 0; i < MOST; i++) {
    free(strings[i]);
  }
  free(envp);
}

/* CMDMOX_PARENT */

static void read_parent(struct input *input) {
  char *value = input_string(input);
  struct cmdmox_parent parent;
  if (cmdmox_parent_read(value, &parent)) {
    char written[CMDMOX_PARENT_LENGTH + 1] = {0};
    cmdmox_parent_write(written, parent);
    EXPECT(strcmp(value, written) == 0);
  }
  free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  struct input input = {.bytes = bytes, .left = count};
  switch (input_byte(&input) % 4) {
    case 0: read_parent(&input); break;
    case 1: encode(&input); break;
    default: repair(&input); break;
  }
  return 0;
}
