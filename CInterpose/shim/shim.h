/* The stand-in: what its parts share.
 *
 * It runs one command as its child, copies the command's streams while they pass, tells the
 * controller what passed, and ends as the command ended. docs/design.md, "Capture", has the table
 * of how each stream is taken. Everything here runs in one thread of a process of its own, without
 * libc: nothing has to be reentrant, and a negative result of a system call is -errno.
 */
#ifndef CMDMOX_SHIM_H
#define CMDMOX_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include "cmdmox_control.h"
#include "cmdmox_environment.h"
#include "cmdmox_wire.h"

/* What is to be run, as the hook handed it over. */
struct shim_command {
  char **argv;        /* the command's own */
  char **environment; /* with our variables, CMDMOX_EXECUTE taken out */
  char **stripped;    /* without them: as it would be if we were not there */
  const char *path;   /* what exec was called with */
  const char *session;
  bool replays; /* nothing may run that the controller has not decided about */
  char *parent; /* the value of CMDMOX_PARENT in `environment`, to be set in time, or NULL */
  struct cmdmox_parent handed; /* what it says */
};

struct shim_file_id {
  uint64_t device;
  uint64_t inode;
};

struct shim_decision {
  uint32_t action; /* enum cmdmox_action */
  uint32_t flags;  /* enum cmdmox_decision_flag */
  uint64_t limit;
  struct shim_file_id root[2]; /* the root's stdout and stderr */
};

/* What a replay answers for the command. */
struct shim_answer {
  uint32_t status; /* as wait(2) gives it */
  uint32_t flags;  /* enum cmdmox_answer_flag */
  uint64_t input;  /* bytes of stdin to consume */
  uint64_t delay;  /* nanoseconds from the request to the end */
  uint64_t lengths[2];
  int memory[2]; /* of stdout and stderr, or -1 */
};

/* How `to` of a relayed stream is written without ever waiting in the call. */
enum shim_way {
  SHIM_WAY_NONBLOCKING, /* a description of our own, made non-blocking */
  SHIM_WAY_SOCKET,      /* MSG_DONTWAIT */
  SHIM_WAY_CAREFUL,     /* the caller's description: poll, then at most PIPE_BUF bytes */
  SHIM_WAY_PLAIN,       /* a file or /dev/null: does not wait */
};

enum { SHIM_BUFFER = 64 << 10 };

struct shim_stream {
  /* The stream record; see cmdmox_control.h. */
  uint32_t how, flags;
  uint64_t length, device, inode, begin, end;

  int child; /* the descriptor that becomes the child's stream, or -1: it inherits the caller's */

  /* Relayed: the two ends, -1 once closed. Output: from our pipe to the caller's stream; stdin:
   * from the caller's stream to our pipe. */
  int from, to;
  bool input; /* stdin */
  enum shim_way way;
  bool terminal; /* `from` is a pseudo-terminal in packet mode */
  bool pipes;    /* both are pipes: splice(2) works */
  bool watched;  /* a poll tells when nobody reads `to` any more */
  bool full;     /* `to` had no room for what splice(2) had for it */
  bool enlarged; /* our pipe */
  /* Nobody wrote `from` when it was opened. Of a FIFO, poll(2) does not say so. */
  bool ends_unseen;
  size_t first, last;
  char *buffer; /* bytes first to last were read and not yet written */

  int unread;      /* stdin after its end: reads what the child left in our pipe; else -1 */
  uint64_t left;   /* stdin whose reader has gone: bytes that lay unread */
  int description; /* FILE, PEEKED: the caller's, whose position is asked at the end; else -1 */
  int reader;      /* FILE: another description of the file, for reading; else -1 */

  int kept; /* a memfd with the first `held` bytes that passed, or -1 */
  uint64_t held;
  uint64_t limit;
};

struct shim {
  struct shim_command command;
  struct shim_decision decision;
  struct shim_answer answer;
  uint64_t seen;  /* bytes of stdin that the controller was told */
  uint64_t taken; /* of those, bytes that are not in it any more */
  uint64_t asked; /* CLOCK_MONOTONIC of the request */
  struct shim_stream streams[3];
  int control; /* the connection, or -1 */
  int signals; /* a signalfd */

  /* What the child gets back. */
  uint64_t mask;
  bool child_signals_ignored; /* SIGCHLD */
  bool files_raised;
  struct rlimit files; /* RLIMIT_NOFILE */

  int pid;     /* ours */
  int child;   /* the command's */
  int watcher; /* of the last stop, or 0 */
  int error;   /* errno of the exec that failed, or 0 */
  int status;
  uint64_t ended; /* CLOCK_MONOTONIC */
  struct rusage usage;
};

/* child.c */

/* Spawns the command. False if there is no process; `error` is set where there was one and its
 * exec failed. */
bool shim_spawn(struct shim *shim);

/* Becomes the command: what was changed of this process is set back. Does not return. */
_Noreturn void shim_become(struct shim *shim);

/* A process with a stack of its own, so that it does not return through our frames; clone(2). */
long shim_clone(unsigned long flags, void *stack, void (*body)(void *), void *argument);

_Noreturn void shim_exit(int code);

/* What a shell answers for an exec that failed. */
int shim_exec_failure(int error);

/* request.c */

/* Asks the controller. SHIM_NOTHING_DECIDED: there is none, or it went away. */
enum shim_verdict { SHIM_NOTHING_DECIDED, SHIM_DECIDED, SHIM_ANSWERED };
enum shim_verdict shim_ask(struct shim *shim);
bool shim_send(int socket, const uint8_t *bytes, size_t length);

/* input.c */

/* Tells the controller the next bytes of stdin, up to `count`; `flags` and `patience` are those of
 * its ASK. */
bool shim_send_input(struct shim *shim, uint64_t count, uint32_t flags, uint32_t patience);
/* Reads and forgets up to `count` bytes of stdin. */
void shim_consume(uint64_t count);

/* answer.c */

/* Says what the answer has, and ends as it says. */
_Noreturn void shim_reply(struct shim *shim);
/* The bytes of an answer that come in the message itself. */
extern char shim_answer_bytes[CMDMOX_ANSWER_INLINE];

/* session.c */

/* Writes the path of a file of the session directory. False if there is no session, or no room. */
bool shim_session_file(char *path, size_t size, const struct shim_command *command,
                       const char *name);

/* loss.c */

/* Notes that something of the command is not recorded, for whoever ends the session. */
void shim_count_loss(const struct shim_command *command);

/* report.c */
void shim_report(struct shim *shim);

/* streams.c */

/* Finds out what the streams are and makes what is needed to take them. False if that failed:
 * then the command has to run in place. */
bool shim_classify(struct shim *shim);
/* Makes `number` what is written to: a stream whose bytes come from elsewhere. */
void shim_aim(struct shim_stream *stream, int number);

/* files.c */
void shim_file_open(struct shim_stream *stream, int number);
/* stderr, `number`, is the same file, and may have been opened apart: `>> log 2>> log`. */
void shim_file_merge(struct shim_stream *stream, struct shim_stream *other, int number);
/* `other`: what was merged into it, or NULL. */
void shim_file_close(struct shim_stream *stream, const struct shim_stream *other);

/* holders.c */

/* Somebody else may read the pipe at descriptor 0. */
bool shim_stdin_is_shared(void);

/* processes.c */

/* Opens /proc/<pid><name>. */
long shim_proc_open(int pid, const char *name, int flags);
/* The parent of a process, or 0. */
int shim_parent_of(int pid);
/* What ps(1) says of a process: 'T' for one that is stopped. 0 if that cannot be read. */
char shim_state_of(int pid);

/* peek.c */

/* Somebody writes the pipe at descriptor 0. */
bool shim_stdin_has_writers(void);
/* Nothing lies in it, and nobody writes it. */
bool shim_stdin_has_ended(void);
/* Notes what lies in the shared pipe at descriptor 0 before the command runs, and after it. */
void shim_peek(struct shim_stream *stream);
void shim_peek_again(struct shim_stream *stream);

/* keep.c */
void shim_keep(struct shim_stream *stream, const char *bytes, size_t length);
/* Takes back what was kept beyond `length`. */
void shim_keep_only(struct shim_stream *stream, uint64_t length);

/* relay.c */

/* Moves what can be moved, after waiting for something to happen, or without waiting. */
enum shim_event { SHIM_NOTHING, SHIM_MOVED, SHIM_SIGNAL };
enum shim_event shim_relay(struct shim *shim, bool with_stdin, bool waits);
/* Nobody reads `to` any more: nobody shall write `from`. */
void shim_lose(struct shim_stream *stream);

/* drain.c */

/* The command has ended: what it wrote reaches the caller before that. Returns the status to end
 * with: the command's, or that of a signal which came while the caller took nothing. */
int shim_drain(struct shim *shim);
/* The command has stopped: what it wrote arrives before that, as far as there is room for it. */
void shim_settle(struct shim *shim);
/* Background processes that still hold streams of ours are served by a process of its own. */
void shim_leave_behind(struct shim *shim);

/* terminal.c */
bool shim_is_terminal(int descriptor);
/* Puts a pseudo-terminal between, or leaves the stream alone. */
void shim_terminal_open(struct shim_stream *stream, int number);
/* What was read are the command's bytes, after the first; else it was news of the settings. */
bool shim_terminal_is_packet(const struct shim_stream *stream);
/* The command learns a new size of the window. */
void shim_terminal_resize(const struct shim *shim);

/* receiver.c */

/* Whom a signal is meant for that `sender` has sent to us: the command, our parent, or nobody (0).
 */
int shim_receiver(const struct shim *shim, int sender, int signal);

/* stop.c */

/* Stops by a signal until somebody continues us. */
void shim_stop(int pid, int signal);
/* Stops as the command has stopped, until somebody continues us or it. */
void shim_stop_with_command(struct shim *shim, int signal);

/* signals.c */

/* From here on signals wait until they are taken. */
bool shim_hold_signals(struct shim *shim);
/* Passes on what came, reaps. True once the command has ended. */
bool shim_take_signals(struct shim *shim);
/* After the command: a signal that would have ended it while its output was stuck, or 0. */
int shim_take_fatal(struct shim *shim);
_Noreturn void shim_end_like(struct shim *shim, int status);

/* descriptors.c */

/* `descriptor`, or a copy of it that is not one of the standard three; takes errors too. */
int shim_above_standard(long descriptor);
void shim_close(int *descriptor);
/* A command that was given three descriptors may have been given no right to more. */
void shim_raise_limit(struct shim *shim);
/* Closes every descriptor but those of `shim`. */
void shim_close_others(const struct shim *shim);
/* Another description of what `descriptor` is, or -1. */
int shim_reopen(int descriptor, int flags);
/* The path "/proc/self/fd/N" and `suffix`. */
enum { SHIM_PROC_PATH = 64 };
void shim_proc_path(char path[SHIM_PROC_PATH], int descriptor, const char *suffix);

#endif
