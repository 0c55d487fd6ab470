/* The pure C of CInterpose/wire, to be run under AddressSanitizer and UndefinedBehaviorSanitizer:
 * every storage here has exactly the size that was asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmdmox_bytes.h"
#include "cmdmox_environment.h"
#include "cmdmox_message.h"

static int checks, failures;

#define CHECK(condition)                                                      \
  do {                                                                        \
    checks++;                                                                 \
    if (!(condition)) {                                                       \
      failures++;                                                             \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
    }                                                                         \
  } while (0)

static const struct cmdmox_variables ours = {.library = "/opt/x/libcmdmox.so",
                                             .session = "CMDMOX_SESSION=/run/s"};

/* Repairs into storage of exactly the right size. The caller frees it. */
static struct cmdmox_environment repaired(char *const *envp, void **storage) {
  *storage = malloc(cmdmox_environment_size(envp, &ours));
  return cmdmox_environment_build(*storage, envp, &ours);
}

static size_t count(char *const *strings) {
  size_t number = 0;
  while (strings[number] != NULL) {
    number++;
  }
  return number;
}

static void empty_environments_get_all_three_first(void) {
  char *nothing[] = {NULL};
  char *const *const inputs[] = {NULL, nothing};
  for (size_t i = 0; i < 2; i++) {
    void *storage;
    struct cmdmox_environment made = repaired(inputs[i], &storage);
    CHECK(made.added == 3);
    CHECK(count(made.block) == 3);
    CHECK(strcmp(made.block[0], "LD_PRELOAD=/opt/x/libcmdmox.so") == 0);
    CHECK(strcmp(made.block[1], ours.session) == 0);
    CHECK(strcmp(made.block[2], "CMDMOX_PARENT=00000000000000000000000000000000000000000") == 0);
    free(storage);
  }
}

static void preloads_are_repaired(void) {
  static const struct {
    const char *before, *after;
  } rows[] = {
      {"LD_PRELOAD=", "LD_PRELOAD=/opt/x/libcmdmox.so"},
      {"LD_PRELOAD=/opt/x/libcmdmox.so", "LD_PRELOAD=/opt/x/libcmdmox.so"},
      {"LD_PRELOAD=/a.so", "LD_PRELOAD=/opt/x/libcmdmox.so:/a.so"},
      {"LD_PRELOAD=/a.so /b.so", "LD_PRELOAD=/opt/x/libcmdmox.so:/a.so:/b.so"},
      {"LD_PRELOAD=../libcmdmox.so:/a.so", "LD_PRELOAD=/opt/x/libcmdmox.so:/a.so"},
      {"LD_PRELOAD=/a.so:libcmdmox.so", "LD_PRELOAD=/opt/x/libcmdmox.so:/a.so"},
      {"LD_PRELOAD=/opt/x/libcmdmox.so:/a.so", "LD_PRELOAD=/opt/x/libcmdmox.so:/a.so"},
      {"LD_PRELOAD=/opt/x/libcmdmox.so: :/a.so:", "LD_PRELOAD=/opt/x/libcmdmox.so: :/a.so:"},
      {"LD_PRELOAD=/opt/x/libcmdmox.so:libcmdmox.so", "LD_PRELOAD=/opt/x/libcmdmox.so"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char *envp[] = {"A=1", (char *)rows[i].before, "B=2", NULL};
    void *storage;
    struct cmdmox_environment made = repaired(envp, &storage);
    CHECK(made.added == 2);
    CHECK(count(made.block) == 5);
    CHECK(strcmp(made.block[2], "A=1") == 0);
    CHECK(strcmp(made.block[3], rows[i].after) == 0);
    CHECK(strcmp(made.block[4], "B=2") == 0);
    free(storage);
  }
}

static void a_whole_environment_keeps_its_order(void) {
  char *envp[] = {"LD_PRELOAD=/opt/x/libcmdmox.so", "HOME=/h",
                  "CMDMOX_PARENT=0123456789abcdef00123456789abcdef00000000",
                  "CMDMOX_SESSION=/run/s", NULL};
  void *storage;
  struct cmdmox_environment made = repaired(envp, &storage);
  CHECK(made.added == 0);
  CHECK(made.block[0] == envp[0] && made.block[1] == envp[1] && made.block[3] == envp[3]);
  CHECK(made.parent == made.block[2] + sizeof CMDMOX_ENV_PARENT);
  CHECK(!cmdmox_environment_elsewhere(envp, &ours));
  envp[3] = "CMDMOX_SESSION=/run/other";
  CHECK(cmdmox_environment_elsewhere(envp, &ours));
  free(storage);
}

static void strip_takes_out_what_is_ours(void) {
  char *envp[] = {"LD_PRELOAD=/opt/x/libcmdmox.so:/a.so", "CMDMOX_SESSION=/run/s", "A=1",
                  "CMDMOX_PARENT=x", NULL};
  void *storage = malloc(cmdmox_environment_strip_size(envp));
  char **left = cmdmox_environment_strip(storage, envp, ours.library);
  CHECK(count(left) == 2);
  CHECK(strcmp(left[0], "LD_PRELOAD=/a.so") == 0 && strcmp(left[1], "A=1") == 0);
  envp[0] = "LD_PRELOAD=/opt/x/libcmdmox.so";
  left = cmdmox_environment_strip(storage, envp, ours.library);
  CHECK(count(left) == 1);
  free(storage);
  storage = malloc(cmdmox_environment_strip_size(NULL));
  CHECK(count(cmdmox_environment_strip(storage, NULL, ours.library)) == 0);
  free(storage);
}

static void parents_are_read_as_written(void) {
  char value[CMDMOX_PARENT_LENGTH + 1] = "";
  struct cmdmox_parent parent = {1, 2, 3, 4};
  cmdmox_parent_write(value, (struct cmdmox_parent){.image = UINT64_MAX,
                                                    .intent = UINT64_C(0x123456789abcdef0),
                                                    .flags = 15,
                                                    .owner = CMDMOX_OWNER_PARENT | 0x17});
  CHECK(strcmp(value, "fffffffffffffffff123456789abcdef080000017") == 0);
  CHECK(cmdmox_parent_read(value, &parent));
  CHECK(parent.image == UINT64_MAX && parent.intent == UINT64_C(0x123456789abcdef0));
  CHECK(parent.flags == 15 && parent.owner == (CMDMOX_OWNER_PARENT | 0x17));
  const char *const bad[] = {"",
                             "0",
                             "x",
                             "fffffffffffffffff123456789abcdef080000",
                             "fffffffffffffffff123456789abcdef0800000170",
                             "FFFFFFFFFFFFFFFFF123456789ABCDEF080000017"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char *copy = strdup(bad[i]); /* the sanitizer sees a read behind the end */
    CHECK(!cmdmox_parent_read(copy, &parent));
    free(copy);
  }
}

/* What was delivered: the payloads put together. */
struct received {
  uint8_t *payload;
  size_t length, frames;
  bool last, refuse;
};

static bool receive(void *context, const uint8_t *frame, size_t length) {
  struct received *received = context;
  if (received->refuse) {
    return false;
  }
  size_t payload = length - CMDMOX_FRAME_HEADER;
  CHECK(length <= CMDMOX_FRAME_MAX);
  CHECK(frame[CMDMOX_FRAME_AT_LENGTH] + 256u * frame[CMDMOX_FRAME_AT_LENGTH + 1] == payload);
  CHECK(frame[CMDMOX_FRAME_AT_INDEX] + 256u * frame[CMDMOX_FRAME_AT_INDEX + 1] == received->frames);
  received->payload = realloc(received->payload, received->length + payload + 1);
  memcpy(received->payload + received->length, frame + CMDMOX_FRAME_HEADER, payload);
  received->length += payload;
  received->frames++;
  received->last = (frame[CMDMOX_FRAME_AT_FLAGS] & CMDMOX_FRAME_LAST) != 0;
  return true;
}

static void messages_arrive_whole(void) {
  enum { ROOM = CMDMOX_FRAME_MAX - CMDMOX_FRAME_HEADER };
  const size_t lengths[] = {0, 1, ROOM - 13, ROOM - 12, ROOM, 2 * ROOM, 100000};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    struct received received = {0};
    struct cmdmox_message *message = malloc(sizeof *message);
    uint8_t *frame = malloc(CMDMOX_FRAME_MAX);
    message->deliver = receive;
    message->context = &received;
    char *text = malloc(lengths[i] + 1);
    memset(text, 'x', lengths[i]);
    text[lengths[i]] = '\0';
    cmdmox_message_begin(message, CMDMOX_KIND_START, 1, 2, frame, CMDMOX_FRAME_MAX);
    cmdmox_message_u64(message, UINT64_C(0x1122334455667788));
    cmdmox_message_u32(message, 7);
    cmdmox_message_string(message, text);
    CHECK(cmdmox_message_end(message));
    CHECK(received.last);
    CHECK(received.length == 8 + 4 + lengths[i] + 1);
    CHECK(received.frames == (received.length > 0 ? (received.length - 1) / ROOM + 1 : 1));
    CHECK(received.payload[0] == 0x88 && received.payload[7] == 0x11 && received.payload[8] == 7);
    CHECK(strlen((char *)received.payload + 12) == lengths[i]);
    free(received.payload);
    free(text);
    free(frame);
    free(message);
  }
}

static void a_refused_frame_is_said(void) {
  struct received received = {.refuse = true};
  uint8_t frame[64];
  struct cmdmox_message message = {.deliver = receive, .context = &received};
  cmdmox_message_begin(&message, CMDMOX_KIND_EXIT, 1, 2, frame, sizeof frame);
  cmdmox_message_string(&message, NULL);
  CHECK(!cmdmox_message_end(&message));
}

static void bytes_are_as_in_libc(void) {
  CHECK(cmdmox_length("") == 0 && cmdmox_length("ab") == 2);
  CHECK(cmdmox_length_until("a:b", ":") == 1 && cmdmox_length_until("ab", ": ") == 2);
  CHECK(cmdmox_same("", "") && !cmdmox_same("a", "") && !cmdmox_same("a", "ab"));
  CHECK(cmdmox_after("abc", "ab") != NULL && cmdmox_after("a", "ab") == NULL);
  CHECK(strcmp(cmdmox_last("/a/b", '/'), "/b") == 0 && cmdmox_last("ab", '/') == NULL);
}

int main(void) {
  empty_environments_get_all_three_first();
  preloads_are_repaired();
  a_whole_environment_keeps_its_order();
  strip_takes_out_what_is_ours();
  parents_are_read_as_written();
  messages_arrive_whole();
  a_refused_frame_is_said();
  bytes_are_as_in_libc();
  printf("wire_test: %d checks, %d failed\n", checks, failures);
  return failures > 0;
}
