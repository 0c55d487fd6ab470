/* Starting a recorder for the bare form. For the constructor. */
#ifndef CMDMOX_RECORDER_H
#define CMDMOX_RECORDER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* Where the tool is: CMDMOX_RECORDER, else `../bin/cmdmox` seen from the library. False if it is
 * not there to be executed; `recorder` then says where it was looked for. */
bool cmdmox_find_recorder(char recorder[PATH_MAX], char *const *envp);

/* Starts `recorder` for the image's session, and waits until it reads the pipe. It is nobody's
 * child, so that no wait of the program ever sees it, in a session of its own, with default signals
 * and no descriptor but the standard ones. False if it did not begin to read. */
bool cmdmox_start_recorder(const char *recorder, uint64_t root_intent, char *const *envp);

#endif
