/* popen and pclose: both directions, several at once, statuses, errors. */
#include "caller.h"

#include <pthread.h>

static void close_it(const char *label, FILE *stream) {
  errno = 0;
  int status = pclose(stream);
  if (status == -1)
    say("%s: -1 %s", label, strerrorname_np(errno));
  else
    say("%s: %s", label, status_words(status));
}

static void read_it(const char *label, const char *command, const char *mode) {
  FILE *stream = popen(command, mode);
  if (stream == NULL)
    give_up("popen");
  char line[256];
  while (fgets(line, sizeof line, stream) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    say("%s read: %s", label, line);
  }
  close_it(label, stream);
}

static void *one_of_many(void *argument) {
  long number = (long)argument;
  char command[64];
  long wrong = 0;
  for (int i = 0; i < 3; i++) {
    snprintf(command, sizeof command, "exit %ld # thread %ld-%d", number * 10 + i, number, i);
    FILE *stream = popen(command, "r");
    int status = stream == NULL ? -1 : pclose(stream);
    wrong += !WIFEXITED(status) || WEXITSTATUS(status) != number * 10 + i;
  }
  return (void *)wrong;
}

static void run_threads(void) {
  pthread_t threads[4];
  long wrong = 0;
  for (long i = 0; i < 4; i++)
    if (pthread_create(&threads[i], NULL, one_of_many, (void *)i) != 0)
      give_up("pthread_create");
  for (int i = 0; i < 4; i++) {
    void *result = NULL;
    pthread_join(threads[i], &result);
    wrong += (long)result;
  }
  say("threads: %ld wrong", wrong);
}

int main(void) {
  read_it("read", "echo one; /bin/echo two; exit 3", "r");
  read_it("close on exec", "echo three", "re");
  read_it("signal", "kill -15 $$", "r");
  FILE *first = popen("cat; exit 4", "w");
  FILE *second = popen("cat; exit 5", "w");
  if (first == NULL || second == NULL)
    give_up("popen");
  fputs("to the second\n", second);
  close_it("second of two", second);
  fputs("to the first\n", first);
  close_it("first of two", first);
  errno = 0;
  FILE *none = popen("true", "rw");
  say("bad mode: %s, %s", none == NULL ? "NULL" : "a stream", strerrorname_np(errno));
  /* Somebody else reaps the child first. */
  FILE *stolen = popen("exit 6", "r");
  int status = 0;
  wait(&status);
  say("reaped by wait: %s", status_words(status));
  close_it("then closed", stolen);
  run_threads();
  clearenv();
  read_it("cleared environment", "/usr/bin/env | grep -v ^PWD=", "r");
  return 0;
}
