/* The session that the command belongs to. */
#include "cmdmox_bytes.h"
#include "shim.h"

bool shim_session_file(char *path, size_t size, const struct shim_command *command,
                       const char *name) {
  if (command->session == NULL) {
    return false;
  }
  size_t length = cmdmox_length(command->session), rest = cmdmox_length(name) + 1;
  if (length + 1 + rest > size) {
    return false;
  }
  cmdmox_copy(path, command->session, length);
  path[length] = '/';
  cmdmox_copy(path + length + 1, name, rest);
  return true;
}
