/* The processes that execs were seen of, until the recorder asks for them. */
#ifndef EXEC_WATCH_HELD_H
#define EXEC_WATCH_HELD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct held_process {
  uint64_t exec;
  int process; /* a pidfd */
};

/* In the order of their execs. MT-safe. */
struct held {
  pthread_mutex_t lock;
  struct held_process *processes;
  size_t first, count, room;
};

void held_open(struct held *held);
void held_close(struct held *held);

/* Takes the descriptor, or closes it where there is no memory. */
void held_add(struct held *held, uint64_t exec, int process);

/* Gives the descriptor away, -1 where there is none; closes those before it. */
int held_take(struct held *held, uint64_t exec);

#endif
