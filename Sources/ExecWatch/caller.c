#define _GNU_SOURCE
#include "caller.h"

#include <elf.h>
#include <fcntl.h>
#include <kernel_calls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* PID_MAX_LIMIT of the kernel. */
enum { PIDS = 4 << 20 };

static uint64_t inode_of(int folder, const char *name) {
  struct stat status;
  return fstatat(folder, name, &status, 0) == 0 ? status.st_ino : 0;
}

bool family_open(struct family *family, uint32_t root) {
  *family = (struct family){
      .pid_namespace = inode_of(AT_FDCWD, "/proc/self/ns/pid"),
      .mount_namespace = inode_of(AT_FDCWD, "/proc/self/ns/mnt"),
      .user_namespace = inode_of(AT_FDCWD, "/proc/self/ns/user"),
      .euid = geteuid(),
  };
  /* Zeroed, and taken from the system only where it is written. */
  void *bits = mmap(NULL, PIDS / 8, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (bits == MAP_FAILED) {
    return false;
  }
  family->executed = bits;
  if (stat("/", &family->root) != 0) {
    return false;
  }
  family_add(family, root);
  return true;
}

void family_close(struct family *family) {
  if (family->executed != NULL) {
    munmap(family->executed, PIDS / 8);
  }
}

void family_add(struct family *family, uint32_t pid) {
  if (pid < PIDS) {
    family->executed[pid / 8] |= (uint8_t)(1u << pid % 8);
  }
}

static bool has_executed(const struct family *family, uint32_t pid) {
  return pid < PIDS && (family->executed[pid / 8] >> pid % 8 & 1) != 0;
}

/* The text of a small file below `folder`; empty where there is none. */
static ssize_t read_file(int folder, const char *name, void *to, size_t room) {
  int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return -1;
  }
  ssize_t length = read(file, to, room);
  close(file);
  return length;
}

/* The first number behind `name` in the status file's text, or the last with `is_last`. */
static uint32_t field(const char *text, const char *name, bool is_last) {
  const char *line = strstr(text, name);
  if (line == NULL) {
    return 0;
  }
  uint32_t number = 0;
  char *end = (char *)line + strlen(name);
  do {
    number = (uint32_t)strtoul(end, &end, 10);
  } while (is_last && *end == '\t');
  return number;
}

static bool read_status(int folder, char *text, size_t room) {
  ssize_t length = read_file(folder, "status", text, room - 1);
  text[length > 0 ? length : 0] = '\0';
  return length > 0;
}

static uint32_t parent_of(uint32_t pid) {
  char folder[32], text[512];
  snprintf(folder, sizeof folder, "/proc/%u/stat", pid);
  ssize_t length = read_file(AT_FDCWD, folder, text, sizeof text - 1);
  text[length > 0 ? length : 0] = '\0';
  char *close = strrchr(text, ')'); /* the name may hold anything */
  return close != NULL && close[1] != '\0' ? (uint32_t)strtoul(close + 3, NULL, 10) : 0;
}

/* The nearest process above that has executed something; a forked one has not. */
static uint32_t find_ancestor(const struct family *family, uint32_t parent) {
  enum { MOST = 256 };
  for (int i = 0; i < MOST && parent > 1; i++) {
    if (has_executed(family, parent)) {
      return parent;
    }
    parent = parent_of(parent);
  }
  return 0;
}

/* FNV-1a, 64 bits. */
static uint64_t hash(uint64_t value, const void *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    value = (value ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
  }
  return value;
}

/* The auxiliary vector has the addresses at which the kernel laid the program out, and one of 16
 * random bytes; a fork keeps both, an exec makes them anew. */
static uint64_t image_of(const struct caller *caller, struct memory *memory) {
  Elf64_auxv_t vector[64];
  ssize_t length = read_file(caller->folder, "auxv", vector, sizeof vector);
  if (length <= 0) {
    return 0;
  }
  uint64_t value = hash(UINT64_C(0xcbf29ce484222325), vector, (size_t)length);
  for (size_t i = 0; i < (size_t)length / sizeof *vector; i++) {
    uint8_t random[16];
    if (vector[i].a_type == AT_RANDOM &&
        memory_copy(memory, vector[i].a_un.a_val, random, sizeof random)) {
      value = hash(value, random, sizeof random);
    }
  }
  return value != 0 ? value : 1;
}

static void find_place(struct caller *caller, const struct family *family) {
  ssize_t length = readlinkat(caller->folder, "cwd", caller->cwd, sizeof caller->cwd - 1);
  caller->cwd[length > 0 ? length : 0] = '\0';
  struct stat root;
  bool same_root = fstatat(caller->folder, "root", &root, 0) != 0 ||
                   (root.st_dev == family->root.st_dev && root.st_ino == family->root.st_ino);
  uint64_t mounts = inode_of(caller->folder, "ns/mnt");
  caller->is_elsewhere = !same_root || (mounts != 0 && mounts != family->mount_namespace);
  if (same_root) {
    return;
  }
  /* The link's text counts from our root, the process's own from its own. */
  char prefix[PATH_MAX];
  length = readlinkat(caller->folder, "root", prefix, sizeof prefix - 1);
  if (length > 1 && strncmp(caller->cwd, prefix, (size_t)length) == 0) {
    memmove(caller->cwd, caller->cwd + length, strlen(caller->cwd + length) + 1);
    strcpy(caller->cwd, caller->cwd[0] != '\0' ? caller->cwd : "/");
  }
}

bool caller_identify(struct caller *caller, const struct family *family, struct memory *memory,
                     pid_t thread) {
  char path[32], status[4096] = "";
  snprintf(path, sizeof path, "/proc/%d", thread);
  *caller = (struct caller){.thread = thread, .process = -1};
  caller->folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (caller->folder < 0) {
    return false;
  }
  /* Only a process's first thread has a pidfd. */
  caller->pid = (uint32_t)thread;
  caller->process = kernel_pidfd_open(thread);
  if (caller->process < 0 && read_status(caller->folder, status, sizeof status)) {
    caller->pid = field(status, "\nTgid:\t", false);
    caller->process = kernel_pidfd_open((int)caller->pid);
  }
  struct kernel_identity identity;
  if (kernel_pidfd_identity(caller->process, &identity)) {
    caller->ppid = identity.parent;
    caller->is_other_user = identity.euid != family->euid;
  } else if (status[0] != '\0' || read_status(caller->folder, status, sizeof status)) {
    caller->ppid = field(status, "\nPPid:\t", false);
    caller->is_other_user = field(status, "\nUid:\t", false) != family->euid;
  }
  uint64_t namespace = inode_of(caller->folder, "ns/pid");
  caller->self = caller->pid;
  if (namespace != 0 && namespace != family->pid_namespace) {
    caller->namespace = namespace;
    if (status[0] != '\0' || read_status(caller->folder, status, sizeof status)) {
      caller->self = field(status, "\nNStgid:\t", true);
    }
  }
  caller->ancestor =
      has_executed(family, caller->pid) ? caller->pid : find_ancestor(family, caller->ppid);
  caller->image = image_of(caller, memory);
  find_place(caller, family);
  if (inode_of(caller->folder, "ns/user") != family->user_namespace) {
    caller->is_other_user = true;
  }
  return true;
}

void caller_release(struct caller *caller) {
  if (caller->folder >= 0) {
    close(caller->folder);
  }
  if (caller->process >= 0) {
    close(caller->process);
  }
}

void caller_descriptor_path(const struct caller *caller, int descriptor, char path[PATH_MAX]) {
  char name[32];
  snprintf(name, sizeof name, "fd/%d", descriptor);
  ssize_t length = readlinkat(caller->folder, name, path, PATH_MAX - 1);
  path[length > 0 ? length : 0] = '\0';
}
