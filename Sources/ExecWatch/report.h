/* One more writer of the session's pipe. */
#ifndef EXEC_WATCH_REPORT_H
#define EXEC_WATCH_REPORT_H

#include <cmdmox_message.h>
#include <limits.h>

#include "arguments.h"
#include "caller.h"
#include "program.h"

struct report {
  int pipe;
  int stop; /* readable when nothing is to be waited for any more */
  char stalled[PATH_MAX];
  uint64_t seed, count;
  uint8_t frame[CMDMOX_FRAME_MAX];
};

bool report_open(struct report *report, const char *folder, int stop);
void report_close(struct report *report);

/* A new id: never 0, unique in the session. */
uint64_t report_id(struct report *report);

/* Reports an exec under a new id. False: it could not be delivered. */
bool report_exec(struct report *report, uint64_t exec, uint64_t stamp, const struct caller *caller,
                 const struct program *program, const struct arguments *arguments, uint32_t flags);

#endif
