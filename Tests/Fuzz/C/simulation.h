/* What kernel.c and a target share. */
#ifndef CMDMOX_FUZZ_SIMULATION_H
#define CMDMOX_FUZZ_SIMULATION_H

#include <setjmp.h>

#include "input.h"

struct simulation {
  struct input input; /* what calls answer */
  jmp_buf end;        /* where the process ends */
  int status;         /* how */
  size_t written[2];  /* to stdout and stderr */
  size_t calls;
  uint8_t sum;
};

extern struct simulation simulation;

#endif
