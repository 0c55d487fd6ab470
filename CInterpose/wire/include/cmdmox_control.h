/* The control socket: between a stand-in (cmdmox-shim) and the controller, which is the recorder.
 *
 * A stand-in connects to `<session>/control` (a Unix stream socket) and sends one REQUEST. The
 * controller answers with
 *   a DECISION: the command is run; if it is captured one REPORT follows, with the captured streams
 *     as descriptors (SCM_RIGHTS);
 *   an ANSWER: what the command is to say and how it is to end;
 *   an ASK for the beginning of stdin: the stand-in reads it, sends it as INPUT and gets the next
 *     answer.
 * A message is a header of CMDMOX_CONTROL_HEADER bytes and its payload. All integers
 * are little-endian and unaligned; strings end with NUL and are bytes, not text.
 */
#ifndef CMDMOX_CONTROL_H
#define CMDMOX_CONTROL_H

#include <stdint.h>

/* The header: u32 length of the payload, u16 version, u16 kind (enum cmdmox_control_kind). */
enum { CMDMOX_CONTROL_HEADER = 8, CMDMOX_CONTROL_VERSION = 1 };

/* A longer payload is refused: four times what the kernel takes as arguments and environment. */
enum { CMDMOX_CONTROL_MAX = 32 << 20 };

enum cmdmox_control_kind {
  /* u64 parent (image id), u64 intent, u64 stamp (CLOCK_MONOTONIC, ns), u64 realtime (ns),
   * u32 pid, u32 ppid, u32 argc, u32 envc, then for stdout and stderr: u64 device, u64 inode
   * (st_dev, st_ino; both 0: closed), cwd, executable, argv[0] ..., env[0] ...
   * argv and env are those of the real command, without our variables. */
  CMDMOX_CONTROL_REQUEST = 1,
  /* u32 action (enum cmdmox_action), u32 flags (enum cmdmox_decision_flag), u64 limit (bytes to
   * keep of each stream), then for the root's stdout and stderr: u64 device, u64 inode (st_dev,
   * st_ino; both 0: closed) */
  CMDMOX_CONTROL_DECISION = 2,
  /* u64 stamp (CLOCK_MONOTONIC of the end), u32 status (as wait(2) gives it), u32 error (errno
   * where it could not be executed, else 0), u32 pid (of the command), u32 reserved (0),
   * u64 user CPU, u64 system CPU (microseconds), u64 peak memory (KiB), then a stream record for
   * each of stdin, stdout, stderr. Descriptors follow in the order of the records that have
   * CMDMOX_STREAM_KEPT. */
  CMDMOX_CONTROL_REPORT = 3,
  /* u32 status (as wait(2) gives it), u32 flags (enum cmdmox_answer_flag), u64 stdin (how many
   * bytes of it to consume, those that were sent included), u64 delay (nanoseconds from the REQUEST
   * to the end), u64 stdout, u64 stderr (their lengths), then the bytes of both, unless two
   * descriptors with them come along */
  CMDMOX_CONTROL_ANSWER = 4,
  /* u64 count (bytes of stdin wanted beyond those that were sent), u32 flags (enum
   * cmdmox_ask_flag), u32 patience (milliseconds; of what is optional) */
  CMDMOX_CONTROL_ASK = 5,
  /* u32 flags (enum cmdmox_input_flag), u32 reserved (0), then the bytes */
  CMDMOX_CONTROL_INPUT = 6,
};

enum cmdmox_answer_flag {
  CMDMOX_ANSWER_MEMORY = 1, /* the bytes are in two memfds that come along */
  CMDMOX_ANSWER_DRAINS = 2, /* afterwards stdin is read to its end */
};

/* More bytes than this do not come in the message itself. */
enum { CMDMOX_ANSWER_INLINE = 32 << 10 };

enum cmdmox_ask_flag {
  CMDMOX_ASK_OPTIONAL = 1, /* it need not come */
  CMDMOX_ASK_TAKES = 2,    /* what cannot be looked at may be taken */
};

enum cmdmox_input_flag {
  CMDMOX_INPUT_ENDED = 1, /* stdin has ended */
  CMDMOX_INPUT_LAST = 2,  /* of what was asked for */
};

enum cmdmox_action {
  CMDMOX_ACTION_RUN = 1,     /* execute the command in place; nothing is captured */
  CMDMOX_ACTION_CAPTURE = 2, /* run it as a child and capture its streams */
};

enum cmdmox_decision_flag {
  CMDMOX_DECISION_NESTED = 1, /* hand our variables down: what it runs is captured too */
};

/* A stream record: u32 how (enum cmdmox_stream_how), u32 flags (enum cmdmox_stream_flag),
 * u64 length (of all that went through), u64 device, u64 inode (of what the caller had there; of a
 * regular file, so that overlapping writers are noticed), u64 begin, u64 end (offsets in it). */
enum { CMDMOX_STREAM_RECORD = 48 };

/* How a stream was taken; design, "Capture". */
enum cmdmox_stream_how {
  CMDMOX_STREAM_CLOSED = 0,    /* it was closed */
  CMDMOX_STREAM_INHERITED = 1, /* left alone, not captured: a terminal's stdin, /dev/null */
  CMDMOX_STREAM_RELAYED = 2,   /* a pipe, a socket pair or a pseudo-terminal in between */
  CMDMOX_STREAM_FILE = 3,      /* left alone, read back between two offsets */
  CMDMOX_STREAM_PEEKED = 4,    /* a shared pipe, left alone; the consumed part by tee(2) */
  CMDMOX_STREAM_UNKNOWN = 5,   /* left alone; what passed cannot be told */
};

enum cmdmox_stream_flag {
  CMDMOX_STREAM_KEPT = 1,      /* a descriptor with the kept bytes (a memfd) goes along */
  CMDMOX_STREAM_MERGED = 2,    /* stderr: it is in stdout's, they were one pipe or file */
  CMDMOX_STREAM_TRUNCATED = 4, /* more went through than was kept */
  CMDMOX_STREAM_ENDED = 8,     /* stdin: its end was seen */
  CMDMOX_STREAM_RUNS_ON = 16,  /* a background process still held it when the command ended */
};

/* How a hook tells the stand-in what to run: the first variable of its environment, taken out
 * again. argv is the command's own. The rest of the environment is as the real command would have
 * got it from the hook: with CMDMOX_SESSION, CMDMOX_PARENT and LD_PRELOAD. */
#define CMDMOX_ENV_EXECUTE "CMDMOX_EXECUTE"

/* Below the session directory. */
#define CMDMOX_FILE_CONTROL "control"
#define CMDMOX_FILE_SHIM "shim"
/* Links to the stand-in, named as the commands that a replay answers. */
#define CMDMOX_DIRECTORY_COMMANDS "commands"

/* A session directory with one of these base names hands commands to stand-ins. In a replay a
 * command that nobody answers does not run. */
#define CMDMOX_CAPTURE_DIRECTORY "capture"
#define CMDMOX_REPLAY_DIRECTORY "replay"

#endif
