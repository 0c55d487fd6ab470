/* The answer of a replay: recorded bytes, then the recorded end. Signals do here what they do to
 * any program: nothing is blocked or caught but SIGPIPE, of which the recording decides. */
#include <errno.h>
#include <signal.h>
#include <time.h>

#include "kernel_signals.h"
#include "shim.h"
#include "syscalls.h"

char shim_answer_bytes[CMDMOX_ANSWER_INLINE];

/* `offset`: where its bytes begin in an answer that has them inline. */
static void aim(struct shim *shim, int number, uint64_t offset) {
  const struct shim_answer *answer = &shim->answer;
  struct shim_stream *stream = &shim->streams[number];
  shim_aim(stream, number);
  if (stream->to < 0 || answer->lengths[number - 1] == 0) {
    return;
  }
  if ((answer->flags & CMDMOX_ANSWER_MEMORY) != 0) {
    stream->from = answer->memory[number - 1];
  } else {
    stream->buffer = shim_answer_bytes + offset;
    stream->last = (size_t)answer->lengths[number - 1];
  }
}

static bool is_said(const struct shim_stream *stream) {
  return stream->from < 0 && stream->last == stream->first && !stream->full;
}

static void say(struct shim *shim) {
  struct shim_stream *out = &shim->streams[1], *errors = &shim->streams[2];
  shim->streams[0].from = shim->streams[0].to = -1;
  aim(shim, 1, 0);
  aim(shim, 2, shim->answer.lengths[0]);
  /* Both at once, since a reader may want either first; one after the other where they are one. */
  int held_from = -1;
  size_t held_last = 0;
  if (out->inode == errors->inode && out->device == errors->device) {
    held_from = errors->from;
    held_last = errors->last;
    errors->from = -1;
    errors->last = 0;
  }
  for (;;) {
    while (!is_said(out) || !is_said(errors)) {
      shim_relay(shim, false, true);
    }
    if (held_from < 0 && held_last == 0) {
      return;
    }
    errors->from = held_from;
    errors->last = held_last;
    held_from = -1;
    held_last = 0;
  }
}

static void wait_until(uint64_t stamp) {
  struct timespec end = {.tv_sec = (time_t)(stamp / 1000000000u),
                         .tv_nsec = (long)(stamp % 1000000000u)};
  while (cmdmox_call(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == -EINTR) {
  }
}

_Noreturn void shim_reply(struct shim *shim) {
  const struct shim_answer *answer = &shim->answer;
  uint64_t pipe_signal = shim_signal_bit(SIGPIPE), mask = 0;
  shim->pid = (int)cmdmox_call(getpid);
  shim->signals = -1;
  if (answer->input > shim->taken) {
    shim_consume(answer->input - shim->taken);
  }
  cmdmox_call(rt_sigprocmask, SIG_BLOCK, &pipe_signal, &mask, sizeof mask);
  say(shim);
  if ((answer->flags & CMDMOX_ANSWER_DRAINS) != 0) {
    shim_consume(UINT64_MAX);
  }
  if (answer->delay != 0) {
    wait_until(shim->asked + answer->delay);
  }
  shim_end_like(shim, (int)answer->status);
}
