/* Many processes that live at the same time.
 *
 *   crowd COMMANDS LEAF FIGURES
 *
 * Spawns `LEAF N wait` so many times, sees that all of them live, writes into the file FIGURES how
 * many descriptors and how much memory its parent, the recorder, has then, and lets them go. */
#include <dirent.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int count_descriptors(int pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/fd", pid);
  DIR *folder = opendir(path);
  int count = -2; /* . and .. */
  while (folder != NULL && readdir(folder) != NULL) {
    count++;
  }
  if (folder != NULL) {
    closedir(folder);
  }
  return count;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    return 64;
  }
  int commands = atoi(argv[1]), gate[2];
  if (pipe(gate) != 0) {
    perror("pipe");
    return 1;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, gate[0], 0);
  posix_spawn_file_actions_addclose(&actions, gate[0]);
  posix_spawn_file_actions_addclose(&actions, gate[1]);
  for (int number = 0; number < commands; number++) {
    char argument[16];
    snprintf(argument, sizeof argument, "%d", number);
    char *words[] = {"leaf", argument, "wait", NULL};
    pid_t pid;
    int error = posix_spawn(&pid, argv[2], &actions, NULL, words, environ);
    if (error != 0) {
      fprintf(stderr, "%d of %d: %s\n", number, commands, strerror(error));
      return 1;
    }
  }
  if (waitpid(-1, NULL, WNOHANG) != 0) {
    fprintf(stderr, "one has ended already\n");
    return 1;
  }
  FILE *figures = fopen(argv[3], "w");
  if (figures == NULL) {
    perror(argv[3]);
    return 1;
  }
  fprintf(figures, "%d\n", count_descriptors(getppid()));
  fclose(figures);
  close(gate[1]);
  close(gate[0]);
  int ended = 0;
  while (wait(NULL) > 0) {
    ended++;
  }
  return ended != commands;
}
