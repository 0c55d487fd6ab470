/* Asking the controller: the REQUEST, and what it answers with. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "cmdmox_bytes.h"
#include "cmdmox_wire.h"
#include "packing.h"
#include "shim.h"
#include "syscalls.h"

enum {
  DECISION = 4 + 4 + 8 + 4 * 8,
  ANSWER = 4 + 4 + 4 * 8,
  ASK = 8 + 4 + 4,
  FIXED = 4 * 8 + 4 * 4 + 4 * 8, /* of the REQUEST */
  PATIENCE = 10, /* seconds for each step of a controller that is there and says nothing */
};

/* Whether the controller said nothing for all that time. */
static bool in_vain;

/* True if a system call on the connection has failed; or at its end. */
static bool is_over(long result) {
  in_vain |= result == -EAGAIN;
  return result <= 0;
}

/* The strings go out in pieces: an environment may be megabytes. */
static uint8_t out[16 << 10];
static size_t used;

bool shim_send(int socket, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    long sent = cmdmox_call(sendto, socket, bytes, length, MSG_NOSIGNAL, NULL, 0);
    if (sent == -EINTR) {
      continue; /* stopped and continued: signal(7) */
    }
    if (is_over(sent)) {
      return false;
    }
    bytes += sent;
    length -= (size_t)sent;
  }
  return true;
}

static bool flush(int socket) {
  size_t length = used;
  used = 0;
  return shim_send(socket, out, length);
}

static bool put_string(int socket, const char *string) {
  size_t length = cmdmox_length(string) + 1;
  if (length > sizeof out - used && !flush(socket)) {
    return false;
  }
  if (length > sizeof out) {
    return shim_send(socket, (const uint8_t *)string, length);
  }
  cmdmox_copy(out + used, string, length);
  used += length;
  return true;
}

static bool put_strings(int socket, char **strings) {
  for (; *strings != NULL; strings++) {
    if (!put_string(socket, *strings)) {
      return false;
    }
  }
  return true;
}

static size_t measure(char **strings, uint32_t *count) {
  size_t length = 0;
  for (*count = 0; strings[*count] != NULL; ++*count) {
    length += cmdmox_length(strings[*count]) + 1;
  }
  return length;
}

/* Which file an output is. */
static uint8_t *put_identity(uint8_t *at, int descriptor) {
  struct stat stat = {0};
  bool open = cmdmox_call(fstat, descriptor, &stat) == 0;
  at = shim_put(at, open ? stat.st_dev : 0, 8);
  return shim_put(at, open ? stat.st_ino : 0, 8);
}

static bool send_request(struct shim *shim) {
  static char cwd[PATH_MAX];
  const struct shim_command *command = &shim->command;
  uint32_t argc, envc;
  size_t length = FIXED + measure(command->argv, &argc) + measure(command->stripped, &envc);
  if (cmdmox_call(getcwd, cwd, sizeof cwd) < 0) {
    cwd[0] = '\0';
  }
  length += cmdmox_length(cwd) + 1 + cmdmox_length(command->path) + 1;
  if (length > CMDMOX_CONTROL_MAX) {
    return false;
  }
  uint8_t *at = shim_put(out, length, 4);
  at = shim_put(at, CMDMOX_CONTROL_VERSION, 2);
  at = shim_put(at, CMDMOX_CONTROL_REQUEST, 2);
  at = shim_put(at, command->handed.image, 8);
  at = shim_put(at, command->handed.intent, 8);
  at = shim_put(at, shim->asked, 8);
  at = shim_put(at, cmdmox_clock(CLOCK_REALTIME), 8);
  at = shim_put(at, (uint64_t)cmdmox_call(getpid), 4);
  at = shim_put(at, (uint64_t)cmdmox_call(getppid), 4);
  at = shim_put(at, argc, 4);
  at = shim_put(at, envc, 4);
  at = put_identity(at, 1);
  at = put_identity(at, 2);
  used = (size_t)(at - out);
  return put_string(shim->control, cwd) && put_string(shim->control, command->path) &&
         put_strings(shim->control, command->argv) &&
         put_strings(shim->control, command->stripped) && flush(shim->control);
}

static bool receive(int socket, void *bytes, size_t length) {
  char *at = bytes;
  while (length > 0) {
    long got = cmdmox_call(recvfrom, socket, at, length, 0, NULL, NULL);
    if (got == -EINTR) {
      continue;
    }
    if (is_over(got)) {
      return false;
    }
    at += got;
    length -= (size_t)got;
  }
  return true;
}

/* The header of a message, and the descriptors that come with it. */
static bool receive_header(int socket, uint8_t header[CMDMOX_CONTROL_HEADER], int descriptors[2]) {
  union {
    struct cmsghdr header;
    char room[CMSG_SPACE(2 * sizeof(int))];
  } rights;
  struct iovec part = {.iov_base = header, .iov_len = CMDMOX_CONTROL_HEADER};
  struct msghdr envelope = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = &rights, .msg_controllen = sizeof rights};
  descriptors[0] = descriptors[1] = -1;
  long got;
  do {
    got = cmdmox_call(recvmsg, socket, &envelope, MSG_CMSG_CLOEXEC);
  } while (got == -EINTR);
  if (is_over(got)) {
    return false;
  }
  if (envelope.msg_controllen >= CMSG_LEN(2 * sizeof(int)) &&
      rights.header.cmsg_level == SOL_SOCKET && rights.header.cmsg_type == SCM_RIGHTS &&
      rights.header.cmsg_len == CMSG_LEN(2 * sizeof(int))) {
    for (int i = 0; i < 2; i++) {
      descriptors[i] = shim_above_standard(((int *)CMSG_DATA(&rights.header))[i]);
    }
  }
  return receive(socket, header + got, (size_t)(CMDMOX_CONTROL_HEADER - got));
}

static bool receive_decision(int socket, struct shim_decision *decision) {
  uint8_t payload[DECISION];
  if (!receive(socket, payload, sizeof payload)) {
    return false;
  }
  decision->action = (uint32_t)shim_get(payload, 4);
  decision->flags = (uint32_t)shim_get(payload + 4, 4);
  decision->limit = shim_get(payload + 8, 8);
  for (int i = 0; i < 2; i++) {
    decision->root[i].device = shim_get(payload + 16 + 16 * i, 8);
    decision->root[i].inode = shim_get(payload + 24 + 16 * i, 8);
  }
  return true;
}

static bool receive_answer(int socket, struct shim_answer *answer, uint64_t length,
                           const int memory[2]) {
  uint8_t payload[ANSWER];
  if (!receive(socket, payload, sizeof payload)) {
    return false;
  }
  answer->status = (uint32_t)shim_get(payload, 4);
  answer->flags = (uint32_t)shim_get(payload + 4, 4);
  answer->input = shim_get(payload + 8, 8);
  answer->delay = shim_get(payload + 16, 8);
  for (int i = 0; i < 2; i++) {
    answer->lengths[i] = shim_get(payload + 24 + 8 * i, 8);
    answer->memory[i] = memory[i];
  }
  length -= ANSWER;
  bool elsewhere = (answer->flags & CMDMOX_ANSWER_MEMORY) != 0;
  /* One by one: the sum of two lengths may be a small number again. */
  bool whole = elsewhere ? length == 0 && memory[1] >= 0
                         : length <= CMDMOX_ANSWER_INLINE && answer->lengths[0] <= length &&
                               answer->lengths[1] == length - answer->lengths[0];
  return whole && receive(socket, shim_answer_bytes, length);
}

static bool give_input(struct shim *shim) {
  uint8_t payload[ASK];
  return receive(shim->control, payload, sizeof payload) &&
         shim_send_input(shim, shim_get(payload, 8), (uint32_t)shim_get(payload + 8, 4),
                         (uint32_t)shim_get(payload + 12, 4));
}

static enum shim_verdict receive_verdict(struct shim *shim) {
  for (;;) {
    uint8_t header[CMDMOX_CONTROL_HEADER];
    int memory[2];
    if (!receive_header(shim->control, header, memory) ||
        shim_get(header + 4, 2) != CMDMOX_CONTROL_VERSION) {
      return SHIM_NOTHING_DECIDED;
    }
    uint64_t length = shim_get(header, 4);
    uint64_t kind = shim_get(header + 6, 2);
    if (kind == CMDMOX_CONTROL_DECISION && length == DECISION) {
      bool whole = receive_decision(shim->control, &shim->decision);
      return whole ? SHIM_DECIDED : SHIM_NOTHING_DECIDED;
    }
    if (kind == CMDMOX_CONTROL_ANSWER && length >= ANSWER) {
      bool whole = receive_answer(shim->control, &shim->answer, length, memory);
      return whole ? SHIM_ANSWERED : SHIM_NOTHING_DECIDED;
    }
    if (kind != CMDMOX_CONTROL_ASK || length != ASK || !give_input(shim)) {
      return SHIM_NOTHING_DECIDED;
    }
  }
}

/* Writes the path of the control socket. A session directory may be deeper than an address can
 * say: then it is reached through a descriptor, to be closed afterwards. */
static bool name_control(struct sockaddr_un *address, const char *session, int *directory) {
  static const char name[] = "/" CMDMOX_FILE_CONTROL;
  size_t length = cmdmox_length(session);
  address->sun_family = AF_UNIX;
  if (length + sizeof name <= sizeof address->sun_path) {
    char *end = cmdmox_copy(address->sun_path, session, length);
    cmdmox_copy(end, name, sizeof name);
    return true;
  }
  *directory = shim_above_standard(
      cmdmox_call(openat, AT_FDCWD, session, O_PATH | O_DIRECTORY | O_CLOEXEC, 0));
  if (*directory < 0) {
    return false;
  }
  shim_proc_path(address->sun_path, *directory, name);
  return true;
}

/* Opens the mark by which whoever has waited for the controller in vain spares the others the same:
 * a controller that stands still delays the session, not each command. It takes the mark away when
 * it goes on. False if there is none. */
static bool open_stalled(const struct shim *shim, int flags) {
  static const char name[] = "/" CMDMOX_FILE_STALLED;
  char path[PATH_MAX];
  size_t length = cmdmox_length(shim->command.session);
  if (length + sizeof name > sizeof path) {
    return false;
  }
  cmdmox_copy(cmdmox_copy(path, shim->command.session, length), name, sizeof name);
  long mark = cmdmox_call(openat, AT_FDCWD, path, flags | O_CLOEXEC, 0666);
  if (mark < 0) {
    return false;
  }
  cmdmox_call(close, mark);
  return true;
}

static bool connect_control(struct shim *shim) {
  static struct sockaddr_un address;
  int directory = -1;
  shim->control = shim_above_standard(cmdmox_call(socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (shim->control < 0 || !name_control(&address, shim->command.session, &directory)) {
    return false;
  }
  struct timeval patience = {.tv_sec = PATIENCE};
  cmdmox_call(setsockopt, shim->control, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  cmdmox_call(setsockopt, shim->control, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  long result;
  do {
    result = cmdmox_call(connect, shim->control, &address, sizeof address);
  } while (result == -EINTR);
  shim_close(&directory);
  in_vain |= result == -EAGAIN; /* nobody has accepted any for long */
  return result == 0;
}

enum shim_verdict shim_ask(struct shim *shim) {
  shim->asked = cmdmox_clock(CLOCK_MONOTONIC);
  if (open_stalled(shim, O_RDONLY)) {
    return SHIM_NOTHING_DECIDED;
  }
  bool sent = connect_control(shim) && send_request(shim);
  enum shim_verdict verdict = sent ? receive_verdict(shim) : SHIM_NOTHING_DECIDED;
  if (in_vain) {
    open_stalled(shim, O_WRONLY | O_CREAT);
  }
  return verdict;
}
