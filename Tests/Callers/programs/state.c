/* What a program can see of its own process, at the start and around each hooked call: descriptors,
 * signals, environment, auxiliary vector, limits, children, errno. Nothing of it may tell that a
 * library is preloaded. */
#include "caller.h"
#include "ours.h"

#include <dirent.h>
#include <elf.h>
#include <link.h>
#include <spawn.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <wordexp.h>

struct snapshot {
  char text[1 << 16];
  size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct snapshot *into, const char *format,
                                                      ...) {
  va_list arguments;
  va_start(arguments, format);
  size_t left = sizeof into->text - into->used;
  int length = vsnprintf(into->text + into->used, left, format, arguments);
  va_end(arguments);
  if (length > 0 && (size_t)length < left)
    into->used += length;
}

static void add_descriptors(struct snapshot *into) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL)
    return;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    int fd = atoi(entry->d_name);
    if (entry->d_name[0] == '.' || fd == dirfd(folder))
      continue;
    char link[64], target[512];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, target, sizeof target - 1);
    target[length < 0 ? 0 : length] = '\0';
    /* A pipe's number differs in each run. */
    if (strncmp(target, "pipe:", 5) == 0 || strncmp(target, "socket:", 7) == 0)
      *strchr(target, ':') = '\0';
    add(into, "descriptor %d: %s\n", fd, target);
  }
  closedir(folder);
}

static void add_status(struct snapshot *into) {
  static const char *wanted[] = {"Umask",  "TracerPid",  "SigPnd",  "ShdPnd",
                                 "SigBlk", "SigIgn",     "SigCgt",  "CapInh",
                                 "Groups", "NoNewPrivs", "Threads", "Seccomp:"};
  FILE *file = fopen("/proc/self/status", "r");
  if (file == NULL)
    return;
  char line[512];
  while (fgets(line, sizeof line, file) != NULL)
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
      if (strncmp(line, wanted[i], strlen(wanted[i])) == 0)
        add(into, "%s", line);
  fclose(file);
}

static void add_limits(struct snapshot *into) {
  for (int i = 0; i < RLIM_NLIMITS; i++) {
    struct rlimit limit;
    if (getrlimit(i, &limit) == 0)
      add(into, "limit %d: %llu %llu\n", i, (unsigned long long)limit.rlim_cur,
          (unsigned long long)limit.rlim_max);
  }
}

static void take(struct snapshot *into, int error) {
  into->used = 0;
  into->text[0] = '\0';
  add(into, "errno %s\n", error == 77 ? "untouched" : strerrorname_np(error));
  add_descriptors(into);
  add_status(into);
  add_limits(into);
  static char buffer[1 << 16];
  for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
    const char *theirs = without_ours(*entry, buffer, sizeof buffer);
    if (theirs != NULL)
      add(into, "variable %s\n", theirs);
  }
  char folder[4096];
  add(into, "working directory %s\n", getcwd(folder, sizeof folder));
  add(into, "personality %#x, priority %d\n", personality(0xffffffff),
      getpriority(PRIO_PROCESS, 0));
}

/* As old programs and some runtimes find it: behind the environment on the stack. */
static void say_auxiliary_vector(char **envp) {
  while (*envp != NULL)
    envp++;
  for (ElfW(auxv_t) *entry = (ElfW(auxv_t) *)(envp + 1); entry->a_type != AT_NULL; entry++) {
    switch (entry->a_type) {
      case AT_EXECFN:
        say("auxiliary %lu: %s", entry->a_type, strrchr((char *)entry->a_un.a_val, '/'));
        break;
      case AT_PLATFORM: say("auxiliary %lu: %s", entry->a_type, (char *)entry->a_un.a_val); break;
      case AT_PAGESZ:
      case AT_CLKTCK:
      case AT_PHENT:
      case AT_PHNUM:
      case AT_FLAGS:
      case AT_UID:
      case AT_EUID:
      case AT_SECURE: say("auxiliary %lu: %lu", entry->a_type, entry->a_un.a_val); break;
      default: say("auxiliary %lu", entry->a_type);
    }
  }
}

/* Prints the lines that are in one text and not in the other. */
static void say_missing(const char *sign, const char *lines, const char *from) {
  while (*lines != '\0') {
    size_t length = strcspn(lines, "\n");
    char line[4096];
    snprintf(line, sizeof line, "%.*s\n", (int)length, lines);
    if (strstr(from, line) == NULL)
      say("  %s %.*s", sign, (int)length, lines);
    lines += length + (lines[length] == '\n');
  }
}

/* Takes the blocked signals away, so that a pending one belongs to the call that follows. */
static void take_signals(void) {
  sigset_t blocked;
  sigprocmask(SIG_BLOCK, NULL, &blocked);
  while (sigtimedwait(&blocked, NULL, &(struct timespec){0, 0}) > 0) {
  }
}

static void around(const char *label, void (*action)(void)) {
  static struct snapshot before, after;
  take_signals();
  take(&before, 77);
  errno = 77;
  action();
  int error = errno;
  take(&after, error);
  say("%s:%s", label, strcmp(before.text, after.text) == 0 ? " nothing changed" : "");
  say_missing("-", before.text, after.text);
  say_missing("+", after.text, before.text);
}

static char *show_argv[] = {"show", "quiet", NULL};

static void fork_and_execve(void) {
  pid_t pid = fork();
  if (pid == 0) {
    execve(beside("show"), show_argv, environ);
    _exit(99);
  }
  waitpid(pid, NULL, 0);
}
static void vfork_and_execv(void) {
  char path[4096];
  snprintf(path, sizeof path, "%s", beside("show"));
  pid_t pid = vfork();
  if (pid == 0) {
    execv(path, show_argv);
    _exit(99);
  }
  waitpid(pid, NULL, 0);
}
static void execve_fails(void) { execve("/nonexistent", show_argv, environ); }
static void execvp_fails(void) { execvp("no-such-program", show_argv); }
static void execl_fails(void) { execl("/etc/passwd", "passwd", (char *)NULL); }
static void fexecve_fails(void) { fexecve(987, show_argv, environ); }
static void execveat_fails(void) { execveat(987, "x", show_argv, environ, 0); }
static void spawn(void) {
  pid_t pid;
  if (posix_spawn(&pid, beside("show"), NULL, NULL, show_argv, environ) == 0)
    waitpid(pid, NULL, 0);
}
static void spawn_fails(void) {
  pid_t pid;
  posix_spawnp(&pid, "no-such-program", NULL, NULL, show_argv, environ);
}
static void run_system(void) {
  if (system("exit 3") != 3 << 8)
    say("system failed");
}
static void run_popen(void) {
  FILE *stream = popen("exit 3", "r");
  if (stream == NULL || pclose(stream) != 3 << 8)
    say("popen failed");
}
static void run_wordexp(void) {
  wordexp_t words;
  if (wordexp("$(echo one)", &words, 0) == 0)
    wordfree(&words);
}
static void wait_for_nobody(void) { wait(NULL); }
static void wait_without_hanging(void) { waitpid(-1, NULL, WNOHANG); }
static void waitid_for_nobody(void) { waitid(P_ALL, 0, NULL, WEXITED); }
static void get_name(void) {
  char name[17];
  prctl(PR_GET_NAME, name);
}
static void call_directly(void) { syscall(SYS_getppid); }
static void call_directly_fails(void) { syscall(SYS_close, 987); }
static void chroot_fails(void) {
  if (chroot("/nonexistent") == 0)
    say("chroot worked");
}
static void leave_a_child(void) {
  pid_t pid = fork();
  if (pid == 0)
    _exit(0);
  waitpid(pid, NULL, 0);
}
static void nothing(int number) { (void)number; }

int main(int argc, char **argv, char **envp) {
  (void)argc;
  say("name %s", strrchr(argv[0], '/') == NULL ? argv[0] : strrchr(argv[0], '/'));
  say_auxiliary_vector(envp);
  static struct snapshot first;
  take(&first, errno);
  /* By the line: the whole is longer than what one line holds. */
  for (char *line = strtok(first.text, "\n"); line != NULL; line = strtok(NULL, "\n"))
    say("%s", line);
  /* Something of everything that a hook could spoil. */
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  sigaddset(&blocked, SIGCHLD);
  sigaddset(&blocked, SIGRTMIN + 2);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  signal(SIGUSR2, nothing);
  around("nothing at all", call_directly);
  around("fork and execve", fork_and_execve);
  around("vfork and execv", vfork_and_execv);
  around("execve fails", execve_fails);
  around("execvp fails", execvp_fails);
  around("execl fails", execl_fails);
  around("fexecve fails", fexecve_fails);
  around("execveat fails", execveat_fails);
  around("posix_spawn", spawn);
  around("posix_spawnp fails", spawn_fails);
  around("system", run_system);
  around("popen", run_popen);
  around("wordexp", run_wordexp);
  around("wait for nobody", wait_for_nobody);
  around("wait without hanging", wait_without_hanging);
  around("waitid for nobody", waitid_for_nobody);
  around("prctl", get_name);
  around("syscall fails", call_directly_fails);
  around("chroot fails", chroot_fails);
  around("a child that leaves", leave_a_child);
  clearenv();
  around("execve in a cleared environment", fork_and_execve);
  around("system in a cleared environment", run_system);
  around("popen in a cleared environment", run_popen);
  around("posix_spawn in a cleared environment", spawn);
  return 0;
}
