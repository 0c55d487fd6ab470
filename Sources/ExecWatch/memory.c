#define _GNU_SOURCE
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* No page begins here. */
enum { NOTHING = 1 };

bool memory_open(struct memory *memory) {
  *memory = (struct memory){.file = -1};
  memory->pages = malloc(sizeof(uint8_t[MEMORY_PAGES][MEMORY_PAGE]));
  return memory->pages != NULL;
}

static void close_file(struct memory *memory) {
  if (memory->file >= 0) {
    close(memory->file);
    memory->file = -1;
  }
}

void memory_close(struct memory *memory) {
  close_file(memory);
  free(memory->pages);
}

void memory_turn(struct memory *memory, pid_t pid) {
  close_file(memory);
  memory->pid = pid;
  memory->refused = false;
  for (size_t i = 0; i < MEMORY_PAGES; i++) {
    memory->addresses[i] = NOTHING;
  }
}

static ssize_t read_through_file(struct memory *memory, uint64_t address, void *to) {
  if (memory->file < 0) {
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/mem", memory->pid);
    memory->file = open(path, O_RDONLY | O_CLOEXEC);
  }
  return memory->file < 0 ? -1 : pread(memory->file, to, MEMORY_PAGE, (off_t)address);
}

static ssize_t read_page(struct memory *memory, uint64_t address, void *to) {
  struct iovec mine = {.iov_base = to, .iov_len = MEMORY_PAGE};
  struct iovec theirs = {.iov_base = (void *)(uintptr_t)address, .iov_len = MEMORY_PAGE};
  ssize_t got = process_vm_readv(memory->pid, &mine, 1, &theirs, 1, 0);
  if (got < 0 && (errno == EPERM || errno == ENOSYS)) {
    got = read_through_file(memory, address, to);
    memory->refused = got < 0 && errno != EIO && errno != EFAULT;
  }
  return got;
}

static const uint8_t *page_at(struct memory *memory, uint64_t address) {
  size_t slot = address / MEMORY_PAGE % MEMORY_PAGES;
  if (memory->addresses[slot] != address) {
    memory->addresses[slot] = NOTHING;
    if (memory->refused || read_page(memory, address, memory->pages[slot]) != MEMORY_PAGE) {
      return NULL;
    }
    memory->addresses[slot] = address;
  }
  return memory->pages[slot];
}

bool memory_copy(struct memory *memory, uint64_t address, void *to, size_t length) {
  uint8_t *next = to;
  while (length > 0) {
    size_t offset = address % MEMORY_PAGE;
    const uint8_t *page = page_at(memory, address - offset);
    if (page == NULL) {
      return false;
    }
    size_t part = MEMORY_PAGE - offset < length ? MEMORY_PAGE - offset : length;
    memcpy(next, page + offset, part);
    next += part;
    address += part;
    length -= part;
  }
  return true;
}

size_t memory_copy_string(struct memory *memory, uint64_t address, char *to, size_t room) {
  size_t length = 0;
  for (;;) {
    size_t offset = address % MEMORY_PAGE;
    const uint8_t *page = page_at(memory, address - offset);
    if (page == NULL) {
      return 0;
    }
    const uint8_t *end = memchr(page + offset, '\0', MEMORY_PAGE - offset);
    size_t part = end != NULL ? (size_t)(end - page) - offset + 1 : MEMORY_PAGE - offset;
    if (part > room - length) {
      return 0;
    }
    memcpy(to + length, page + offset, part);
    length += part;
    address += part;
    if (end != NULL) {
      return length;
    }
  }
}
