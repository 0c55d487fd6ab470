#define _GNU_SOURCE
#include <errno.h>
#include <exec_watch.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "arguments.h"
#include "caller.h"
#include "held.h"
#include "listener.h"
#include "memory.h"
#include "program.h"
#include "report.h"

struct exec_watch {
  struct listener listener;
  struct family family;
  struct memory memory;
  struct caller caller;
  struct program program;
  struct arguments arguments;
  struct report report;
  struct held held;
  uint32_t root; /* until its first exec, then 0 */
  bool reports_unprivileged;
  pthread_t thread;
  int stop; /* an eventfd: readable when the thread is to end */
  bool is_running;
  atomic_bool is_over;
  _Atomic uint64_t lost;
};

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* The path as the event has it: where a descriptor points, and what is below. */
static void resolve(struct exec_watch *watch, const struct exec_call *call) {
  char *path = watch->arguments.path;
  if (call->directory == AT_FDCWD || path[0] == '/') {
    return;
  }
  char below[PATH_MAX];
  strcpy(below, path);
  caller_descriptor_path(&watch->caller, call->directory, path);
  size_t length = strlen(path), rest = strlen(below);
  if (rest > 0 && length + 1 + rest < sizeof watch->arguments.path) {
    path[length++] = '/';
    memcpy(path + length, below, rest + 1);
  }
}

/* What is known of the exec, in `watch`. False: nothing will be executed. */
static bool look(struct exec_watch *watch, const struct exec_call *call, uint32_t *flags) {
  pid_t thread = (pid_t)watch->listener.notification->pid;
  memory_turn(&watch->memory, thread);
  if (!caller_identify(&watch->caller, &watch->family, &watch->memory, thread)) {
    return false;
  }
  struct arguments *arguments = &watch->arguments;
  if (!arguments_read(arguments, &watch->memory, call)) {
    if (!watch->memory.refused) {
      return false;
    }
    *flags |= CMDMOX_SEEN_UNREADABLE;
    arguments->path[0] = '\0';
    arguments->argc = arguments->envc = 0;
    arguments->length = 0;
    watch->program = (struct program){.is_certain = false};
    return true;
  }
  if (arguments_are_too_long(arguments, (pid_t)watch->caller.pid) ||
      !program_find(&watch->program, &watch->caller, call->directory, arguments->path,
                    call->flags)) {
    return false;
  }
  if (call->directory != AT_FDCWD && arguments->path[0] != '/') {
    *flags |= CMDMOX_SEEN_DESCRIPTOR;
  }
  resolve(watch, call);
  if (!watch->program.is_certain) {
    *flags |= CMDMOX_SEEN_UNCERTAIN;
  }
  if (watch->reports_unprivileged && watch->program.would_gain_privileges) {
    *flags |= CMDMOX_SEEN_UNPRIVILEGED;
  }
  return true;
}

static void see(struct exec_watch *watch) {
  uint64_t stamp = now();
  const struct seccomp_notif *notification = watch->listener.notification;
  struct exec_call call;
  uint32_t flags = 0;
  if (watch->root != 0 && notification->pid == watch->root) {
    watch->root = 0;
    return;
  }
  if (!exec_call_read(&call, &notification->data)) {
    return;
  }
  /* All that was read is the caller's own, if it still waits now. */
  if (look(watch, &call, &flags) && listener_is_valid(&watch->listener)) {
    uint64_t exec = report_id(&watch->report);
    struct caller *caller = &watch->caller;
    if (caller->process >= 0) {
      /* Before the event: who reads that asks for it. */
      held_add(&watch->held, exec, caller->process);
      caller->process = -1;
    }
    family_add(&watch->family, caller->pid);
    if (!report_exec(&watch->report, exec, stamp, caller, &watch->program, &watch->arguments,
                     flags)) {
      atomic_fetch_add(&watch->lost, 1);
    }
  }
  caller_release(&watch->caller);
}

static void *run(void *argument) {
  struct exec_watch *watch = argument;
  struct pollfd watched[] = {{.fd = watch->listener.descriptor, .events = POLLIN},
                             {.fd = watch->stop, .events = POLLIN}};
  for (;;) {
    if (poll(watched, 2, -1) < 0) {
      continue;
    }
    if (watched[1].revents != 0) {
      break;
    }
    if ((watched[0].revents & POLLIN) != 0) {
      if (listener_take(&watch->listener)) {
        see(watch);
        listener_answer(&watch->listener);
      }
    } else if (watched[0].revents != 0) {
      atomic_store(&watch->is_over, true);
      break;
    }
  }
  return NULL;
}

/* A thread without signals: those are for others. */
static bool begin(struct exec_watch *watch) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&watch->thread, NULL, run, watch);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = error;
  return error == 0;
}

static void release(struct exec_watch *watch) {
  listener_close(&watch->listener);
  family_close(&watch->family);
  memory_close(&watch->memory);
  arguments_close(&watch->arguments);
  report_close(&watch->report);
  held_close(&watch->held);
  close(watch->stop);
  free(watch);
}

struct exec_watch *exec_watch_start(const struct exec_watch_settings *settings) {
  struct exec_watch *watch = calloc(1, sizeof *watch);
  if (watch == NULL) {
    return NULL;
  }
  watch->root = settings->root;
  watch->reports_unprivileged = settings->reports_unprivileged != 0;
  watch->report.pipe = watch->memory.file = -1;
  watch->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  held_open(&watch->held);
  watch->is_running = watch->stop >= 0 &&
                      listener_open(&watch->listener, settings->listener, settings->page) &&
                      family_open(&watch->family, settings->root) && memory_open(&watch->memory) &&
                      arguments_open(&watch->arguments) &&
                      report_open(&watch->report, settings->folder, watch->stop) && begin(watch);
  if (!watch->is_running) {
    int error = errno;
    release(watch);
    errno = error;
    return NULL;
  }
  return watch;
}

void exec_watch_stop(struct exec_watch *watch) {
  if (watch->is_running) {
    watch->is_running = false;
    eventfd_write(watch->stop, 1);
    pthread_join(watch->thread, NULL);
  }
}

void exec_watch_free(struct exec_watch *watch) {
  exec_watch_stop(watch);
  close(watch->listener.descriptor);
  release(watch);
}

int exec_watch_take_process(struct exec_watch *watch, uint64_t exec) {
  return held_take(&watch->held, exec);
}

int exec_watch_is_over(const struct exec_watch *watch) { return atomic_load(&watch->is_over); }

uint64_t exec_watch_lost(const struct exec_watch *watch) {
  return atomic_load(&watch->lost) + atomic_load(&watch->listener.page->passed);
}

int exec_watch_make_page(void) {
  int page = memfd_create("cmdmox", MFD_CLOEXEC);
  if (page >= 0 && ftruncate(page, CMDMOX_DEEP_PAGE) != 0) {
    close(page);
    page = -1;
  }
  return page;
}
