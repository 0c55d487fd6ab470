/* The wire between the programs that run and the recorder: what an event looks like.
 *
 * Why C: the preload writes these bytes from inside other programs' processes, where nothing but C
 * can run; the recorder in Swift compiles the same header, so the layout stands in one place.
 *
 * An event is one message. A message is cut into frames; each frame is one write() of at most
 * PIPE_BUF bytes to the FIFO, so that frames of many processes never mix. A frame is a header of
 * CMDMOX_FRAME_HEADER bytes and a piece of the payload. All integers are little-endian and
 * unaligned; strings end with NUL and are bytes, not text. docs/wire-format.md explains it.
 */
#ifndef CMDMOX_WIRE_H
#define CMDMOX_WIRE_H

#include <stddef.h>
#include <stdint.h>

/* A write of at most this many bytes to a FIFO is never interleaved (pipe(7), Linux PIPE_BUF). */
enum { CMDMOX_FRAME_MAX = 4096 };

enum { CMDMOX_WIRE_VERSION = 1 };

/* "CMX1" read as a little-endian integer. */
#define CMDMOX_FRAME_MAGIC UINT32_C(0x31584d43)

/* The frame header: byte offsets. */
enum {
  CMDMOX_FRAME_AT_MAGIC = 0,    /* u32 */
  CMDMOX_FRAME_AT_VERSION = 4,  /* u8 */
  CMDMOX_FRAME_AT_KIND = 5,     /* u8, enum cmdmox_kind */
  CMDMOX_FRAME_AT_FLAGS = 6,    /* u16, enum cmdmox_frame_flag */
  CMDMOX_FRAME_AT_PID = 8,      /* u32, the writer's process id as it sees it itself */
  CMDMOX_FRAME_AT_INDEX = 12,   /* u16, 0 for the first frame of a message */
  CMDMOX_FRAME_AT_LENGTH = 14,  /* u16, bytes of payload in this frame */
  CMDMOX_FRAME_AT_MESSAGE = 16, /* u64, the same in all frames of a message, else unique */
  CMDMOX_FRAME_HEADER = 24,
};

enum cmdmox_frame_flag {
  CMDMOX_FRAME_LAST = 1, /* no frame of this message follows */
};

/* The kinds of message. Every payload begins with
 *   u64 image     the id of the program image that speaks
 *   u64 stamp     CLOCK_MONOTONIC, nanoseconds
 * and goes on as its comment says. An id is a random-looking number other than 0, unique in a
 * session; it does not depend on process ids, which differ between pid namespaces. */
enum cmdmox_kind {
  /* A hook is about to execute a file that is there, or has just spawned one.
   *   u64 intent, u32 pid (who will run it; 0: unknown), u32 flags (cmdmox_intent_flag), u32 argc,
   *   cwd, path, argv[0] ... argv[argc - 1] */
  CMDMOX_KIND_INTENT = 1,
  /* The library's constructor in a new image, before main.
   *   u64 parent (image id, 0 for the root), u64 intent (0: none was handed down),
   *   u64 realtime (nanoseconds since the epoch), u32 ppid, u32 flags (cmdmox_start_flag),
   *   u32 argc, u32 envc, u32 script (how many leading argv the kernel put in for `#!`: the
   *   caller's script path is argv[script]; 0: not a script),
   *   executable, cwd, argv[0] ..., env[0] ... */
  CMDMOX_KIND_START = 2,
  /* An exec or a spawn failed. intent is 0 where none was announced.
   *   u64 intent, u32 error (errno), u32 flags (cmdmox_intent_flag), u32 argc,
   *   cwd, path, argv[0] ... */
  CMDMOX_KIND_FAILED = 3,
  /* The image leaves by exit, _exit or quick_exit.
   *   u32 code (0 to 255), u64 user CPU, u64 system CPU (microseconds), u64 peak memory (KiB) */
  CMDMOX_KIND_EXIT = 4,
  /* The image reaped a child.
   *   u32 pid, u32 status (as wait(2) gives it) */
  CMDMOX_KIND_WAIT = 5,
  /* system() or pclose() returned, or popen() succeeded: the child's pid is not known.
   *   u64 call (pairs popen with pclose), u64 begin (stamp before the call),
   *   u32 status (as wait(2) gives it), u32 flags (cmdmox_call_flag), command */
  CMDMOX_KIND_CALL = 6,
  /* The image confines itself: nothing more will be heard of it and of its later children.
   *   u32 reason (cmdmox_confinement), u32 flags (1: the attempt failed, it speaks on) */
  CMDMOX_KIND_CONFINED = 7,
  /* Not from inside: the recorder's own watcher saw that a process is about to execute a file that
   * is there. Pids are the recorder's. image is a new id that stands for the exec.
   *   u32 pid, u32 ppid, u32 ancestor (the nearest process above that has executed something;
   *   0: none is left), u32 self (the pid as the process itself sees it), u64 namespace (0: the
   *   recorder's pid namespace, else its inode), u64 caller (a number that all processes forked
   *   from one image share and no other has; 0: unknown), u32 flags (cmdmox_seen_flag),
   *   u32 mode (st_mode of the file), u32 argc, u32 envc, u32 length, the file's first `length`
   *   bytes, cwd, path, argv[0] ..., env[0] ... */
  CMDMOX_KIND_SEEN = 8,
};

enum { CMDMOX_KIND_FIRST = CMDMOX_KIND_INTENT, CMDMOX_KIND_LAST = CMDMOX_KIND_SEEN };

enum cmdmox_intent_flag {
  CMDMOX_INTENT_SPAWN = 1,      /* posix_spawn: pid is the child's; else exec by pid itself */
  CMDMOX_INTENT_SEARCH = 2,     /* path is a bare name that libc looks up in PATH */
  CMDMOX_INTENT_DESCRIPTOR = 4, /* fexecve or execveat: path is where the descriptor points */
  CMDMOX_INTENT_ELSEWHERE = 8,  /* handed to another session, or to none: no start will follow */
  CMDMOX_INTENT_GOES_ON = 16,   /* as CMDMOX_START_GOES_ON */
};

enum cmdmox_start_flag {
  CMDMOX_START_HIDDEN = 1,  /* our variables were put into an environment that lacked them */
  CMDMOX_START_GOES_ON = 2, /* where commands are captured: it is no invocation of its own, but the
                               root or a command that a stand-in reports */
};

enum cmdmox_seen_flag {
  CMDMOX_SEEN_DESCRIPTOR = 1,   /* execveat: path is where the descriptor points */
  CMDMOX_SEEN_UNREADABLE = 2,   /* the caller's memory could not be read: path is empty, argc 0 */
  CMDMOX_SEEN_UNPRIVILEGED = 4, /* the file would give privileges that it does not get here */
  CMDMOX_SEEN_UNCERTAIN = 8,    /* whether the caller may execute it could not be found out */
};

enum cmdmox_call_flag {
  CMDMOX_CALL_COMMAND = 1, /* command is given */
  CMDMOX_CALL_STATUS = 2,  /* status is given */
};

enum cmdmox_confinement {
  CMDMOX_CONFINED_SECCOMP = 1,
  CMDMOX_CONFINED_CHROOT = 2,
};

/* The session directory. `events` and `done` are FIFOs. A writer that could not deliver an event
 * appends a byte to `lost`, or where it has no descriptor for that leaves a symbolic link
 * `lost-<16 digits>`; one that finds the pipe full creates `waiting`, and if that stands there for
 * as long as it waits, `stalled`, as does a stand-in that waits for the controller in vain: links
 * to `events`, which the recorder removes when it reads. The journal, whose name tells when the
 * fixture is written, and `ancestors` are the recorder's. The bare form's root reads `done`: bytes
 * are signs of life; the last one says that the recorder is over (the fixture is on disk, or the
 * recorder has said why not), and the end of file follows. An end of file without it: the recorder
 * was killed. */
#define CMDMOX_FILE_EVENTS "events"
#define CMDMOX_FILE_LOST "lost"
#define CMDMOX_FILE_STALLED "stalled"
#define CMDMOX_FILE_WAITING "waiting"
#define CMDMOX_FILE_DONE "done"
#define CMDMOX_FILE_JOURNAL "journal.jsonl"
#define CMDMOX_FILE_WRITTEN "written.jsonl"
#define CMDMOX_FILE_ANCESTORS "ancestors"

enum { CMDMOX_DONE_ALIVE = 1, CMDMOX_DONE_OVER = 2 };

/* The variables that the library hands down.
 *   CMDMOX_SESSION=<absolute path of the session directory>, or "off"
 *   CMDMOX_PARENT=<image><flags><intent><owner>: 16 hexadecimal digits, one, 16, 8 */
#define CMDMOX_ENV_SESSION "CMDMOX_SESSION"
#define CMDMOX_ENV_PARENT "CMDMOX_PARENT"
#define CMDMOX_SESSION_OFF "off"

enum {
  CMDMOX_ID_DIGITS = 16,
  CMDMOX_PARENT_AT_FLAGS = 16,
  CMDMOX_PARENT_AT_INTENT = 17,
  CMDMOX_PARENT_AT_OWNER = 33,
  CMDMOX_PARENT_LENGTH = 41,
};

/* The flags digit of CMDMOX_PARENT. */
enum cmdmox_parent_flag {
  CMDMOX_PARENT_HIDDEN = 3,    /* mask: how many leading variables the new image hides from main */
  CMDMOX_PARENT_ROLE = 12,     /* mask: none, or one of: */
  CMDMOX_PARENT_ROOT = 4,      /* the root of a bare session or of one that captures */
  CMDMOX_PARENT_SILENT = 8,    /* the caller is confined: the new image does not report */
  CMDMOX_PARENT_CAPTURED = 12, /* a command that a stand-in runs, or has run in its own place */
};

/* The owner digits of CMDMOX_PARENT: the pid of the process that is the root or the captured
 * command, or of its parent where it was not known beforehand. A program without the library hands
 * down to its children what was its own. 0: whoever reads it. */
#define CMDMOX_OWNER_PARENT 0x80000000u

#endif
