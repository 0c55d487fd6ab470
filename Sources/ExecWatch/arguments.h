/* What the caller gives to the program. */
#ifndef EXEC_WATCH_ARGUMENTS_H
#define EXEC_WATCH_ARGUMENTS_H

#include <limits.h>
#include <linux/seccomp.h>

#include "memory.h"

#ifndef AT_EXECVE_CHECK /* Linux 6.14: nothing is executed */
#define AT_EXECVE_CHECK 0x10000
#endif

/* An exec call: addresses in the caller's memory. */
struct exec_call {
  uint64_t path, argv, envp;
  int directory;  /* AT_FDCWD or a descriptor of the caller */
  int flags;      /* of execveat(2) */
  size_t pointer; /* bytes of an address in the arrays */
};

/* False: it is none that executes anything. */
bool exec_call_read(struct exec_call *call, const struct seccomp_data *data);

struct arguments {
  char path[PATH_MAX];
  uint32_t argc, envc;
  char *strings; /* argv and then the environment, each with its NUL */
  size_t length;
};

bool arguments_open(struct arguments *arguments);
void arguments_close(struct arguments *arguments);

/* Reads them. False: the kernel cannot read them either, or they are too long for it. */
bool arguments_read(struct arguments *arguments, struct memory *memory,
                    const struct exec_call *call);

/* Whether they are too long for the kernel: execve(2), "Limits on size of arguments and
 * environment". */
bool arguments_are_too_long(const struct arguments *arguments, pid_t pid);

#endif
