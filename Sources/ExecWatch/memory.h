/* Another process's memory, read page by page and kept for the time of one exec. */
#ifndef EXEC_WATCH_MEMORY_H
#define EXEC_WATCH_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { MEMORY_PAGE = 4096, MEMORY_PAGES = 64 };

struct memory {
  pid_t pid;    /* of any thread */
  int file;     /* /proc/PID/mem where process_vm_readv(2) is refused; -1 */
  bool refused; /* the memory of this process may not be read at all */
  uint64_t addresses[MEMORY_PAGES];
  uint8_t (*pages)[MEMORY_PAGE];
};

bool memory_open(struct memory *memory);
void memory_close(struct memory *memory);

/* Turns to a process; forgets the one before. */
void memory_turn(struct memory *memory, pid_t pid);

/* Copies `length` bytes. False: they are not all there. */
bool memory_copy(struct memory *memory, uint64_t address, void *to, size_t length);

/* Copies a string and its NUL, at most `room` bytes. The length with the NUL; 0: it is not there,
 * or longer. */
size_t memory_copy_string(struct memory *memory, uint64_t address, char *to, size_t room);

#endif
