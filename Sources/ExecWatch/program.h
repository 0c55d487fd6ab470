/* The file that is about to be executed. */
#ifndef EXEC_WATCH_PROGRAM_H
#define EXEC_WATCH_PROGRAM_H

#include "caller.h"

enum { PROGRAM_HEAD = 1024 };

struct program {
  bool is_certain; /* the caller has the right to execute it */
  bool would_gain_privileges;
  mode_t mode;
  size_t length;
  uint8_t head[PROGRAM_HEAD];
};

/* Looks for a file as execveat(2) does, from where the caller stands. False: there is nothing that
 * the caller could execute. */
bool program_find(struct program *program, const struct caller *caller, int directory,
                  const char *path, int flags);

#endif
