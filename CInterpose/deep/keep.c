/* The keeper: answers the execs of the root's family where the tool does not any more.
 *
 * When the last holder of a listener is gone, the kernel fails every exec with ENOSYS: a tool that
 * is killed would break the program that it looked at. So a process that does nothing else holds
 * the listener too. It takes over when the tool has ended, and while the tool has not answered
 * anything for two seconds, and it ends when no process is left that the filter is on.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

#include "cmdmox_bytes.h"
#include "deep.h"
#include "syscalls.h"

/* Two seconds, looked at in four steps. */
enum { TICK_MILLISECONDS = 500, TICKS = 4 };

/* A tool that was stopped right after the kernel gave it a notification had no time to write down
 * which: ids count up, so that it is one of the next few. An answer to one that nobody has taken,
 * or that is none, is refused. */
enum { GUESSES = 64 };

struct keeper {
  int listener;
  int socket; /* from the tool: its end is the tool's; -1 from then on */
  struct cmdmox_deep_page *page;
};

static bool let_pass(const struct keeper *keeper, uint64_t id) {
  struct seccomp_notif_resp answer = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
  bool passed = cmdmox_call(ioctl, keeper->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0;
  if (passed) {
    atomic_fetch_add(&keeper->page->passed, 1);
  }
  return passed;
}

/* What the tool has taken and not answered. */
static void release_taken(const struct keeper *keeper) {
  uint64_t taken = atomic_load(&keeper->page->taken);
  if (taken == 0) {
    return;
  }
  bool found = taken != atomic_load(&keeper->page->answered) && let_pass(keeper, taken);
  for (uint64_t next = 1; !found && next <= GUESSES; next++) {
    found = let_pass(keeper, taken + next);
  }
}

/* The kernel's notification may be longer than the header says: newer kernels add to it. */
static void let_next_pass(const struct keeper *keeper) {
  union {
    struct seccomp_notif notification;
    char room[1024];
  } next;
  for (size_t i = 0; i < sizeof next.room; i++) {
    next.room[i] = 0; /* as the kernel wants it */
  }
  if (cmdmox_call(ioctl, keeper->listener, SECCOMP_IOCTL_NOTIF_RECV, &next) == 0) {
    let_pass(keeper, next.notification.id);
  }
}

/* Waits until something happens. With `takes` a notification is something; otherwise the end of the
 * family and of the tool are. Returns whether there is a notification. */
static bool wait_for(struct keeper *keeper, bool takes, bool ticks) {
  struct pollfd watched[] = {
      {.fd = keeper->listener, .events = takes ? POLLIN : 0},
      {.fd = keeper->socket, .events = POLLIN},
  };
  struct timespec limit = {.tv_nsec = TICK_MILLISECONDS * 1000000L};
  cmdmox_call(ppoll, watched, 2, ticks ? &limit : NULL, NULL, 0);
  if (watched[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
    deep_exit(0);
  }
  if (watched[1].revents != 0) {
    keeper->socket = -1; /* poll passes over it */
    release_taken(keeper);
  }
  return (watched[0].revents & POLLIN) != 0;
}

static bool is_pending(const struct keeper *keeper) {
  struct pollfd listener = {.fd = keeper->listener, .events = POLLIN};
  struct timespec at_once = {0, 0};
  return cmdmox_call(ppoll, &listener, 1, &at_once, NULL, 0) > 0;
}

/* Leaves alone what the tool answers, and takes over when it is gone or stuck. */
static _Noreturn void watch(struct keeper *keeper) {
  struct cmdmox_deep_page *page = keeper->page;
  uint64_t answered = 0;
  int stuck = 0;
  for (;;) {
    bool takes = keeper->socket < 0 || stuck >= TICKS;
    if (wait_for(keeper, takes, keeper->socket >= 0) && takes) {
      let_next_pass(keeper);
    }
    if (keeper->socket < 0) {
      continue;
    }
    uint64_t now = atomic_load(&page->answered);
    if (now != answered) {
      answered = now; /* it is there, or there again */
      stuck = 0;
    } else if (!takes) {
      bool waits = atomic_load(&page->taken) != now || is_pending(keeper);
      stuck = waits ? stuck + 1 : 0;
      if (stuck >= TICKS) {
        release_taken(keeper);
      }
    }
  }
}

/* Keeps nothing open but these two: what the root's family waits to be closed is closed. */
static void close_others(int socket, int page) {
  unsigned low = (unsigned)(socket < page ? socket : page);
  unsigned high = (unsigned)(socket < page ? page : socket);
  unsigned ranges[][2] = {{0, low - 1}, {low + 1, high - 1}, {high + 1, ~0u}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
    unsigned first = ranges[i][0], last = ranges[i][1];
    if ((i == 0 && low == 0) || first > last) {
      continue;
    }
    if (cmdmox_call(close_range, first, last, 0) != 0) {
      /* A container may refuse the call. */
      for (unsigned each = first; each <= last && each < 4096; each++) {
        cmdmox_call(close, each);
      }
    }
  }
}

_Noreturn void deep_keep(int socket, int page) {
  /* Nobody's child: whoever started it has nothing to reap later. */
  long child = cmdmox_call(fork);
  if (child != 0) {
    deep_exit(child > 0 ? 0 : 70);
  }
  close_others(socket, page);
  cmdmox_call(setsid);
  cmdmox_call(chdir, "/");
  long memory = cmdmox_call(mmap, 0, CMDMOX_DEEP_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, page, 0);
  if ((memory < 0 && memory > -4096) || cmdmox_call(write, socket, "", 1) != 1) {
    deep_exit(70);
  }
  struct keeper keeper = {.socket = socket, .page = (struct cmdmox_deep_page *)memory};
  keeper.listener = deep_receive(socket);
  if (keeper.listener < 0 || cmdmox_call(write, socket, "", 1) != 1) {
    deep_exit(0); /* there is nothing to keep */
  }
  watch(&keeper);
}
