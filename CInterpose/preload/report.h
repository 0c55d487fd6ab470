/* Sending an event to the recorder.
 *
 * An event opens the pipe, writes and closes: nothing stays open between events. All signals are
 * blocked meanwhile. Whatever fails is counted as lost, and the program goes on.
 */
#ifndef CMDMOX_REPORT_H
#define CMDMOX_REPORT_H

#include "cmdmox_message.h"

/* Frames of a hook are small, since its caller's stack may be: a thread's may have 16 KiB. */
enum { CMDMOX_HOOK_FRAME = 1024 };

/* An event on its way. */
struct cmdmox_report {
  struct cmdmox_message message;
  uint64_t signals; /* the mask to restore */
  int pipe;         /* -1: it could not be opened */
};

/* Begins an event of this image (enum cmdmox_kind), in frames of the size of `frame`. The payload
 * follows with cmdmox_message_*. `stamp` is its time, 0 for now. MT-safe, AS-safe, keeps errno;
 * signals stay blocked until the report is sent. */
void cmdmox_report_begin(struct cmdmox_report *report, uint8_t kind, uint64_t stamp, uint8_t *frame,
                         size_t size);

/* Appends the working directory, empty where it does not fit into a frame or is not known. */
void cmdmox_report_directory(struct cmdmox_report *report);

/* Sends the rest. MT-safe, AS-safe, keeps errno. */
void cmdmox_report_send(struct cmdmox_report *report);

/* True if a recorder has the session's pipe open. MT-safe, AS-safe, keeps errno. */
bool cmdmox_recorder_listens(void);

/* Writes the path of a file of the session directory into `path`. */
enum { CMDMOX_SESSION_FILE_MAX = 512 + 32 };
void cmdmox_session_file(char path[CMDMOX_SESSION_FILE_MAX], const char *name);

#endif
