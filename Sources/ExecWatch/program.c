#define _GNU_SOURCE
#include "program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "arguments.h"

/* Paths below these mean the process that names them: what follows is below /proc/PID. */
static const struct {
  const char *prefix, *instead;
} own_paths[] = {{"/proc/self/", ""}, {"/proc/thread-self/", ""}, {"/dev/fd/", "fd/"}};

static int open_below(const struct caller *caller, const char *name, const char *rest,
                      int no_follow) {
  char path[PATH_MAX];
  int length = snprintf(path, sizeof path, "%s%s", name, rest);
  if (length >= (int)sizeof path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  return openat(caller->folder, path, O_PATH | O_CLOEXEC | no_follow);
}

/* An absolute path where the root or the mounts are others than ours: links in it that are absolute
 * begin at that root. */
static int open_elsewhere(const struct caller *caller, const char *path, int no_follow) {
  int root = openat(caller->folder, "root", O_PATH | O_CLOEXEC);
  if (root < 0) {
    return -1;
  }
  struct open_how how = {.flags = (uint64_t)(O_PATH | O_CLOEXEC | no_follow),
                         .resolve = RESOLVE_IN_ROOT};
  int file = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
  if (file < 0 && errno == ENOSYS) {
    file = open_below(caller, "root", path, no_follow);
  }
  int error = errno;
  close(root);
  errno = error;
  return file;
}

static int open_program(const struct caller *caller, int directory, const char *path, int flags) {
  int no_follow = (flags & AT_SYMLINK_NOFOLLOW) != 0 ? O_NOFOLLOW : 0;
  char name[32];
  snprintf(name, sizeof name, "fd/%d/", directory);
  if (path[0] == '\0') {
    name[strlen(name) - 1] = '\0';
    if ((flags & AT_EMPTY_PATH) == 0) {
      errno = ENOENT;
      return -1;
    }
    return open_below(caller, name, "", 0);
  }
  for (size_t i = 0; i < sizeof own_paths / sizeof *own_paths; i++) {
    size_t length = strlen(own_paths[i].prefix);
    if (strncmp(path, own_paths[i].prefix, length) == 0) {
      return open_below(caller, own_paths[i].instead, path + length, no_follow);
    }
  }
  if (path[0] != '/') {
    return open_below(caller, directory == AT_FDCWD ? "cwd/" : name, path, no_follow);
  }
  return caller->is_elsewhere ? open_elsewhere(caller, path, no_follow)
                              : open(path, O_PATH | O_CLOEXEC | no_follow);
}

/* Whether this process, with its rights, could execute the file. */
static bool is_executable(int file, mode_t mode) {
  /* The corresponding C function, faccessat(3), asks something else first. */
  if (syscall(SYS_faccessat2, file, "", X_OK, AT_EMPTY_PATH | AT_EACCESS) == 0) {
    return true;
  }
  return errno != EACCES && (mode & 0111) != 0;
}

/* Whether somebody has the file open for writing: then it cannot be executed (ETXTBSY). Asked of
 * files that were changed a moment ago, the only ones for which that is likely. */
static bool is_being_written(int file, const struct stat *status) {
  enum { A_MOMENT = 60 };
  static char *const nothing[] = {"", NULL};
  return time(NULL) - status->st_ctime < A_MOMENT &&
         syscall(SYS_execveat, file, "", nothing, nothing + 1, AT_EMPTY_PATH | AT_EXECVE_CHECK) !=
             0 &&
         errno == ETXTBSY;
}

/* How much of the head says what the file is. */
static size_t useful_length(const uint8_t *head, size_t length) {
  enum { UNKNOWN_LENGTH = 16, LINE_LENGTH = 256 };
  if (length >= sizeof(Elf64_Ehdr) && memcmp(head, ELFMAG, SELFMAG) == 0) {
    Elf64_Ehdr header;
    memcpy(&header, head, sizeof header);
    uint64_t end = header.e_phoff + (uint64_t)header.e_phnum * header.e_phentsize;
    bool is_whole = header.e_ident[EI_CLASS] == ELFCLASS64 && end >= sizeof header && end <= length;
    return is_whole ? (size_t)end : length;
  }
  size_t most = memcmp(head, "#!", length < 2 ? length : 2) == 0 ? LINE_LENGTH : UNKNOWN_LENGTH;
  return length < most ? length : most;
}

static void read_head(struct program *program, int file, bool asks_capabilities) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  int readable = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (readable < 0) {
    return; /* it may be executed and not read */
  }
  ssize_t length = pread(readable, program->head, sizeof program->head, 0);
  program->length = length > 0 ? useful_length(program->head, (size_t)length) : 0;
  if (asks_capabilities && fgetxattr(readable, "security.capability", NULL, 0) > 0) {
    program->would_gain_privileges = true;
  }
  close(readable);
}

static bool has_other_owner(const struct stat *status) {
  return ((status->st_mode & S_ISUID) != 0 && status->st_uid != geteuid()) ||
         ((status->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) &&
          status->st_gid != getegid());
}

bool program_find(struct program *program, const struct caller *caller, int directory,
                  const char *path, int flags) {
  *program = (struct program){.is_certain = !caller->is_other_user};
  int file = open_program(caller, directory, path, flags);
  if (file < 0) {
    /* Somebody with other rights may get to it. */
    return caller->is_other_user && errno == EACCES;
  }
  struct stat status;
  struct statvfs place;
  bool is_there = fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
                  (is_executable(file, status.st_mode) || caller->is_other_user) &&
                  !is_being_written(file, &status);
  if (is_there) {
    program->mode = status.st_mode;
    bool gives = fstatvfs(file, &place) == 0 && (place.f_flag & ST_NOSUID) == 0;
    program->would_gain_privileges = gives && has_other_owner(&status);
    read_head(program, file, gives && geteuid() != 0);
  }
  close(file);
  return is_there;
}
