/* Who else has the read end of our stdin: /proc tells.
 *
 * An ancestor with the pipe as its own stdin reads it too (a shell its script). One that holds it
 * at another number may be about to close it: subprocess.run(input=...) closes its read end only
 * after the exec. So does a sibling in a pipeline. Those get a little time, and more while they
 * run or wait for a processor; and some looks in any case, since we wait for one ourselves then. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "cmdmox_bytes.h"
#include "shim.h"
#include "syscalls.h"

enum {
  LINK = 256,         /* of what a link in /proc says; longer ones are compared so far */
  PAUSE = 250 * 1000, /* nanoseconds */
  WAIT = 5 * 1000 * 1000,
  WAIT_AT_WORK = 50 * 1000 * 1000,
  LOOKS = 4,
  GENERATIONS = 64,
};

enum held { HELD_NOT, HELD_OTHERWISE, HELD_AS_STDIN, HELD_UNSEEN };

struct entry { /* linux_dirent64 */
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

static char pipe_link[LINK];
static long pipe_link_length;
static bool is_holder_at_work;

static bool reads_pipe(int folder, const char *name) {
  char link[LINK];
  struct stat stat;
  return cmdmox_call(readlinkat, folder, name, link, sizeof link) == pipe_link_length &&
         cmdmox_equal(link, pipe_link, (size_t)pipe_link_length) &&
         cmdmox_call(newfstatat, folder, name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
         (stat.st_mode & S_IRUSR) != 0; /* a link's mode is that of its description */
}

static enum held holds(int pid) {
  long folder = shim_proc_open(pid, "/fd", O_RDONLY | O_DIRECTORY);
  if (folder < 0) {
    return folder == -ENOENT ? HELD_NOT : HELD_UNSEEN;
  }
  enum held held = HELD_NOT;
  char entries[2048] __attribute__((aligned(8)));
  long length;
  while ((length = cmdmox_call(getdents64, folder, entries, sizeof entries)) > 0) {
    for (long at = 0; at < length; at += ((struct entry *)(entries + at))->length) {
      const char *name = ((struct entry *)(entries + at))->name;
      if (name[0] == '.' || !reads_pipe((int)folder, name)) {
        continue;
      }
      if (cmdmox_same(name, "0")) {
        held = HELD_AS_STDIN;
      } else if (held == HELD_NOT) {
        held = HELD_OTHERWISE;
      }
    }
  }
  cmdmox_call(close, folder);
  if (held != HELD_NOT) {
    char state = shim_state_of(pid);
    is_holder_at_work |= state == 'R' || state == 'D';
  }
  return length == -EACCES ? HELD_UNSEEN : held;
}

/* We hold it ourselves at a second number, and so will the command. */
static bool holds_twice(int pid) {
  long folder = shim_proc_open(pid, "/fd", O_RDONLY | O_DIRECTORY);
  char entries[2048] __attribute__((aligned(8)));
  long length;
  bool twice = folder < 0;
  while (folder >= 0 && (length = cmdmox_call(getdents64, folder, entries, sizeof entries)) > 0) {
    for (long at = 0; at < length; at += ((struct entry *)(entries + at))->length) {
      const char *name = ((struct entry *)(entries + at))->name;
      twice |= name[0] != '.' && !cmdmox_same(name, "0") && reads_pipe((int)folder, name);
    }
  }
  cmdmox_call(close, folder);
  return twice;
}

/* Children of one thread of the parent's: a list of numbers. */
static bool siblings_hold(int children, int own) {
  char list[1024];
  long length;
  int pid = 0;
  while ((length = cmdmox_call(read, children, list, sizeof list)) > 0) {
    for (long i = 0; i < length; i++) {
      if (list[i] >= '0' && list[i] <= '9') {
        pid = pid * 10 + (list[i] - '0');
        continue;
      }
      enum held held = pid > 0 && pid != own ? holds(pid) : HELD_NOT;
      if (held == HELD_AS_STDIN || held == HELD_OTHERWISE) {
        return true;
      }
      pid = 0;
    }
  }
  return false;
}

static bool any_sibling_holds(int parent, int own) {
  long threads = shim_proc_open(parent, "/task", O_RDONLY | O_DIRECTORY);
  char entries[2048] __attribute__((aligned(8)));
  long length;
  bool found = false;
  while (!found && threads >= 0 &&
         (length = cmdmox_call(getdents64, threads, entries, sizeof entries)) > 0) {
    for (long at = 0; at < length && !found; at += ((struct entry *)(entries + at))->length) {
      const char *name = ((struct entry *)(entries + at))->name;
      char path[64];
      size_t named = cmdmox_length(name);
      cmdmox_copy(path, name, named);
      cmdmox_copy(path + named, "/children", sizeof "/children");
      long children = name[0] == '.' ? -1 : cmdmox_call(openat, threads, path, O_CLOEXEC, 0);
      if (children >= 0) {
        found = siblings_hold((int)children, own);
        cmdmox_call(close, children);
      }
    }
  }
  cmdmox_call(close, threads);
  return found;
}

static enum held look(int own, int parent) {
  enum held found = HELD_NOT;
  int pid = parent;
  for (int i = 0; i < GENERATIONS && pid > 0; i++, pid = shim_parent_of(pid)) {
    enum held held = holds(pid);
    if (held == HELD_AS_STDIN || (held == HELD_UNSEEN && pid == parent)) {
      return HELD_AS_STDIN;
    }
    found = held == HELD_OTHERWISE ? held : found;
  }
  return found == HELD_NOT && any_sibling_holds(parent, own) ? HELD_OTHERWISE : found;
}

bool shim_stdin_is_shared(void) {
  int own = (int)cmdmox_call(getpid);
  int parent = (int)cmdmox_call(getppid);
  pipe_link_length =
      cmdmox_call(readlinkat, AT_FDCWD, "/proc/self/fd/0", pipe_link, sizeof pipe_link);
  if (pipe_link_length <= 0 || holds_twice(own)) {
    return true;
  }
  uint64_t begin = cmdmox_clock(CLOCK_MONOTONIC), worked = begin;
  for (int looks = 1;; looks++) {
    is_holder_at_work = false;
    enum held held = look(own, parent);
    if (held == HELD_NOT || held == HELD_AS_STDIN) {
      return held != HELD_NOT;
    }
    if (shim_stdin_has_ended()) {
      return false; /* nobody can lose anything; make(1) gives its commands such a pipe */
    }
    uint64_t now = cmdmox_clock(CLOCK_MONOTONIC);
    worked = is_holder_at_work ? now : worked;
    if (looks >= LOOKS && (now - worked > WAIT || now - begin > WAIT_AT_WORK)) {
      return true;
    }
    struct timespec pause = {.tv_nsec = PAUSE};
    cmdmox_call(nanosleep, &pause, NULL);
  }
}
