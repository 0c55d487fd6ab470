#define _GNU_SOURCE
#include "arguments.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

/* execve(2): three quarters of the usual stack, a quarter of the caller's, but not less than ... */
enum {
  MOST_BYTES = 6 << 20,
  LEAST_BYTES = 128 << 10,
  LONGEST_STRING = 128 << 10,
};

/* The numbers in the other conventions; a header of libc has those of x86-64 only. */
enum {
  X32 = 0x40000000,
  X32_EXECVE = 520,
  X32_EXECVEAT = 545,
  I386_EXECVEAT = 358,
};

bool exec_call_read(struct exec_call *call, const struct seccomp_data *data) {
  bool is_i386 = data->arch == AUDIT_ARCH_I386;
  int number = data->nr & ~X32;
  bool is_x32 = !is_i386 && number != data->nr;
  bool at = is_i386  ? number == I386_EXECVEAT
            : is_x32 ? number == X32_EXECVEAT
                     : number == SYS_execveat;
  const __u64 *arguments = data->args + (at ? 1 : 0);
  *call = (struct exec_call){
      .path = arguments[0],
      .argv = arguments[1],
      .envp = arguments[2],
      .directory = at ? (int)data->args[0] : AT_FDCWD,
      .flags = at ? (int)data->args[4] : 0,
      .pointer = is_i386 || is_x32 ? 4 : 8,
  };
  return (call->flags & AT_EXECVE_CHECK) == 0;
}

bool arguments_open(struct arguments *arguments) {
  void *strings = mmap(NULL, MOST_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (strings == MAP_FAILED) {
    return false;
  }
  arguments->strings = strings;
  return true;
}

void arguments_close(struct arguments *arguments) {
  if (arguments->strings != NULL) {
    munmap(arguments->strings, MOST_BYTES);
  }
}

/* Appends the strings of an array, which NULL ends; no array is an empty one. */
static bool read_strings(struct arguments *arguments, struct memory *memory, uint64_t array,
                         size_t pointer, uint32_t *count) {
  *count = 0;
  while (array != 0) {
    uint64_t string = 0; /* little-endian: a short address fills the lower half */
    if (!memory_copy(memory, array, &string, pointer)) {
      return false;
    }
    if (string == 0) {
      break;
    }
    size_t room = MOST_BYTES - arguments->length;
    size_t length = memory_copy_string(memory, string, arguments->strings + arguments->length,
                                       room < LONGEST_STRING ? room : LONGEST_STRING);
    if (length == 0) {
      return false;
    }
    arguments->length += length;
    array += pointer;
    ++*count;
  }
  return true;
}

bool arguments_read(struct arguments *arguments, struct memory *memory,
                    const struct exec_call *call) {
  arguments->length = 0;
  arguments->path[0] = '\0';
  return memory_copy_string(memory, call->path, arguments->path, sizeof arguments->path) > 0 &&
         read_strings(arguments, memory, call->argv, call->pointer, &arguments->argc) &&
         read_strings(arguments, memory, call->envp, call->pointer, &arguments->envc);
}

bool arguments_are_too_long(const struct arguments *arguments, pid_t pid) {
  size_t count = (arguments->argc > 0 ? arguments->argc : 1) + (size_t)arguments->envc;
  size_t bytes = arguments->length + strlen(arguments->path) + 1 + count * sizeof(void *);
  struct rlimit stack;
  if (bytes <= LEAST_BYTES || prlimit(pid, RLIMIT_STACK, NULL, &stack) != 0) {
    return bytes > MOST_BYTES;
  }
  rlim_t limit = stack.rlim_cur / 4 < MOST_BYTES ? stack.rlim_cur / 4 : MOST_BYTES;
  return bytes > (limit > LEAST_BYTES ? limit : LEAST_BYTES);
}
