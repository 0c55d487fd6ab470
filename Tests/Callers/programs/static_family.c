/* flags: -static */
/* A static program that starts itself and others in every way that a static program can: no library
 * of anybody's is in the way. `static_family leaf N` leaves with N. */
#include "caller.h"

#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static char self[4096], shown[4096];

static void execute(const char *path, const char *word, const char *status) {
  syscall(SYS_execve, path, (char *[]){"static_family", (char *)word, (char *)status, NULL},
          environ);
  _exit(errno == ENOEXEC ? 120 : errno == ETXTBSY ? 121 : errno == E2BIG ? 122 : 123);
}

static int by_fork(void *status) {
  execute(self, "leaf", status);
  return 99;
}

static int by_descriptor(void *status) {
  int file = open(self, O_PATH | O_CLOEXEC);
  syscall(SYS_execveat, file, "", (char *[]){"static_family", "leaf", status, NULL}, environ,
          AT_EMPTY_PATH);
  return 99;
}

static int twice_forked(void *status) {
  pid_t pid = fork();
  if (pid == 0)
    execute(self, "leaf", status);
  return WEXITSTATUS(reap(pid));
}

static int replaced(void *status) {
  execute(self, "again", status);
  return 99;
}

static void *execute_in_thread(void *status) {
  execute(self, "leaf", status);
  return NULL;
}

static int by_thread(void *status) {
  pthread_t thread;
  pthread_create(&thread, NULL, execute_in_thread, status);
  pthread_join(thread, NULL);
  return 99;
}

static int without_environment(void *word) {
  execve(shown, (char *[]){"show", word, "exit=6", NULL}, (char *[]){NULL});
  return 99;
}

static int killed(void *word) {
  execve(shown, (char *[]){"show", word, "kill=9", NULL}, environ);
  return 99;
}

/* The addresses of a static program that stands where it was linked fit into 32 bits. */
static int by_i386(void *status) {
  static char path[4096], words[3][32];
  static unsigned argv[4], envp[1];
  strcpy(path, self);
  strcpy(words[0], "static_family");
  strcpy(words[1], "leaf");
  strcpy(words[2], status);
  for (int i = 0; i < 3; i++)
    argv[i] = (unsigned)(unsigned long)words[i];
  long result;
  __asm__ volatile("int $0x80"
                   : "=a"(result)
                   : "a"(11L), "b"(path), "c"(argv), "d"(envp)
                   : "memory", "r8", "r9", "r10", "r11");
  return 119; /* a kernel without it */
}

/* Lives on when its parent has ended; `done` tells when it has, too. */
static void leave_orphan(const char *status) {
  int done[2], orphaned[2];
  char byte;
  if (pipe(done) != 0 || pipe(orphaned) != 0)
    give_up("pipe");
  pid_t pid = fork();
  if (pid == 0) {
    if (fork() == 0) {
      close(orphaned[1]);
      if (read(orphaned[0], &byte, 1) != 0)
        _exit(99);
      execute(self, "leaf", status);
    }
    _exit(0);
  }
  close(done[1]);
  reap(pid);
  close(orphaned[0]);
  close(orphaned[1]);
  say("orphaned: %zd", read(done[0], &byte, 1));
}

static int fails(void *path) {
  execute(path, "fails", "0");
  return 99;
}

static int fails_while_written(void *path) {
  int from = open(self, O_RDONLY), to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  char block[1 << 16];
  for (ssize_t length; (length = read(from, block, sizeof block)) > 0;)
    if (write(to, block, length) != length)
      return 98;
  execute(path, "fails", "0"); /* still open for writing */
  return 99;
}

static int fails_with_long_argument(void *path) {
  static char word[200 << 10];
  memset(word, 'x', sizeof word - 1);
  execute(path, word, "0");
  return 99;
}

int main(int argc, char **argv) {
  snprintf(self, sizeof self, "%s", beside("static_family"));
  snprintf(shown, sizeof shown, "%s", beside("show"));
  if (argc == 3 && strcmp(argv[1], "leaf") == 0)
    return atoi(argv[2]);
  if (argc == 3 && strcmp(argv[1], "again") == 0)
    execute(self, "leaf", argv[2]);
  in_child("forked", by_fork, "1");
  in_child("descriptor", by_descriptor, "2");
  in_child("forked twice", twice_forked, "3");
  in_child("replaced", replaced, "4");
  in_child("thread", by_thread, "5");
  in_child("without environment", without_environment, "alone");
  in_child("killed", killed, "killed");
  in_child("i386", by_i386, "7");
  pid_t pid = vfork();
  if (pid == 0)
    execute(self, "leaf", "8");
  say("vfork: %s", status_words(reap(pid)));
  char *words[] = {"static_family", "leaf", "9", NULL};
  if (posix_spawn(&pid, self, NULL, NULL, words, environ) != 0)
    give_up("posix_spawn");
  say("spawned: %s", status_words(reap(pid)));
  leave_orphan("10");
  int text = open("text", O_WRONLY | O_CREAT, 0755);
  if (write(text, "no program\n", 11) != 11)
    give_up("write");
  close(text);
  in_child("no format", fails, "text");
  in_child("nothing there", fails, "missing");
  in_child("a folder", fails, "/");
  in_child("being written", fails_while_written, "written");
  in_child("too long", fails_with_long_argument, self);
  return 11;
}
