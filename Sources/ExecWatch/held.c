#include "held.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void held_open(struct held *held) {
  *held = (struct held){0};
  pthread_mutex_init(&held->lock, NULL);
}

void held_close(struct held *held) {
  for (size_t i = 0; i < held->count; i++) {
    close(held->processes[held->first + i].process);
  }
  free(held->processes);
  pthread_mutex_destroy(&held->lock);
}

/* Room for one more behind the last. */
static bool make_room(struct held *held) {
  if (held->first + held->count < held->room) {
    return true;
  }
  if (held->first > held->room / 2) {
    memmove(held->processes, held->processes + held->first, held->count * sizeof *held->processes);
    held->first = 0;
    return true;
  }
  size_t room = held->room > 0 ? held->room * 2 : 64;
  struct held_process *larger = realloc(held->processes, room * sizeof *larger);
  if (larger == NULL) {
    return false;
  }
  held->processes = larger;
  held->room = room;
  return true;
}

void held_add(struct held *held, uint64_t exec, int process) {
  pthread_mutex_lock(&held->lock);
  if (make_room(held)) {
    held->processes[held->first + held->count++] =
        (struct held_process){.exec = exec, .process = process};
  } else {
    close(process);
  }
  pthread_mutex_unlock(&held->lock);
}

int held_take(struct held *held, uint64_t exec) {
  int process = -1;
  pthread_mutex_lock(&held->lock);
  size_t place = 0;
  while (place < held->count && held->processes[held->first + place].exec != exec) {
    place++;
  }
  if (place < held->count) {
    for (size_t i = 0; i < place; i++) {
      close(held->processes[held->first + i].process);
    }
    process = held->processes[held->first + place].process;
    held->first += place + 1;
    held->count -= place + 1;
  }
  pthread_mutex_unlock(&held->lock);
  return process;
}
