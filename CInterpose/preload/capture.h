/* Sessions that capture: a command to be captured is run by the stand-in, cmdmox-shim.
 *
 * Every function is MT-safe and AS-safe and keeps errno, unless it says otherwise. */
#ifndef CMDMOX_CAPTURE_H
#define CMDMOX_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Finds out what the session that this image has joined does with commands. For the constructor. */
void cmdmox_join_capture(void);

/* True if the root is a shell that was given its command by `-c`: the last command, which bash runs
 * in its own process, is captured too, and any other root's exec is the root going on. */
bool cmdmox_is_command_shell(int argc, char *const *argv);

/* True if what this process executes now is to be captured. One system call at most. */
bool cmdmox_captures_exec(void);

/* True if what this process spawns is to be captured. */
bool cmdmox_captures_spawn(void);

/* True if a stand-in may take the file's place, which could not fail any more: the kernel would run
 * it, or this is a replay, and the file need not be there. */
bool cmdmox_would_run(const char *path);

/* The words of storage that cmdmox_capture_environment needs. */
size_t cmdmox_capture_words(char *const *envp, const char *path);

/* The stand-in's environment: `path` in CMDMOX_EXECUTE, and `envp` as it would be handed down for
 * `intent`, with `hidden` of our variables in it already (CMDMOX_PARENT_HIDDEN). NULL where this
 * environment belongs to another session, or memory ran out. */
char **cmdmox_capture_environment(void **storage, size_t words, char *const *envp, const char *path,
                                  uint64_t intent, unsigned hidden);

/* Writes the stand-in's path. */
void cmdmox_capture_shim(char *path);

/* Executes the stand-in for a command. Returns if that is not possible: the error number, or 0
 * where the command is none of this session's. */
int cmdmox_capture_execute(const char *path, char *const *argv, char *const *envp, uint64_t intent,
                           unsigned hidden);

/* Says of a command of a replay that nobody answers it any more, if there is no stand-in. */
void cmdmox_capture_complain(const char *command, char *const *envp);

/* Looks for a name in PATH, as execvp(3) does, and writes the first file that would run. False if
 * there is none, or it would have to be looked for from a directory that is not known. */
bool cmdmox_capture_search(char *found, size_t size, const char *name);

#endif
