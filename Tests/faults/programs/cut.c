/* Cuts a program at one of cmdmox's own system calls.
 *
 *   cut LOG WHOSE NTH ACTION [VALUE] -- PROGRAM ARGUMENTS...
 *
 *   WHOSE   library   calls made from inside libcmdmox.so, in any process
 *           shim      calls of cmdmox-shim
 *           recorder  calls of cmdmox, the tool or the recorder
 *   NTH     which of them, counted from 1; 0: none, only count
 *   ACTION  kill        its process dies instead of making it
 *           fail WAY    it is not made but gives an error that it could give (fallible.h); calls
 * that cannot fail do not count pause MS    its process is held up before it stop MS     its
 * process is stopped by SIGSTOP before it, and continued after that time short       a write takes
 * half of its bytes; other calls do not count clock S     from it on the real time is S seconds
 * ahead, for who calls clock_gettime
 *
 * Runs PROGRAM and what it starts under ptrace, says in LOG what it did ("calls N", "cut CALL IMAGE
 * root|other"), waits until every process has ended, and ends as PROGRAM did: what follows is the
 * program's. PROGRAM's descendants are its own only if this process is the subreaper.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fallible.h"

enum whose { LIBRARY, SHIM, RECORDER };
enum action { KILL, FAIL, PAUSE, STOP, SHORT, CLOCK };

static const char *const whose_words[] = {"library", "shim", "recorder"};
static const char *const action_words[] = {"kill", "fail", "pause", "stop", "short", "clock"};

static enum whose whose;
static enum action action;
static long nth, calls, value;
static bool done;
static FILE *report;
static pid_t root;
static pid_t stopping; /* is about to stop, and has to be continued */

static int find(const char *word, const char *const *words, int count) {
  for (int i = 0; i < count; i++) {
    if (strcmp(word, words[i]) == 0) {
      return i;
    }
  }
  fprintf(stderr, "cut: what is %s?\n", word);
  exit(64);
}

/* A process or thread that is traced. */
struct tracee {
  pid_t id;
  pid_t group;
  enum whose image;
  bool knows_image;
  bool mapped;         /* something was mapped since the library was looked for */
  uint64_t begin, end; /* the library's code; 0: not there yet */
  int error;           /* to be given at the end of the call that it is in */
  uint64_t clock;      /* where the call that it is in writes the real time; 0: nowhere */
};

enum { MOST = 4096 };
static struct tracee tracees[MOST];

static struct tracee *tracee_of(pid_t id) {
  struct tracee *free_one = NULL;
  for (int i = 0; i < MOST; i++) {
    if (tracees[i].id == id) {
      return &tracees[i];
    }
    if (tracees[i].id == 0 && free_one == NULL) {
      free_one = &tracees[i];
    }
  }
  if (free_one == NULL) {
    fputs("cut: too many processes\n", stderr);
    exit(70);
  }
  *free_one = (struct tracee){.id = id, .group = id, .mapped = true};
  return free_one;
}

static void read_group(struct tracee *tracee) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", tracee->id);
  FILE *file = fopen(path, "re");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "Tgid: %d", &tracee->group) == 1) {
      break;
    }
  }
  if (file != NULL) {
    fclose(file);
  }
}

static void read_image(struct tracee *tracee) {
  char path[64], target[4096];
  snprintf(path, sizeof path, "/proc/%d/exe", tracee->id);
  ssize_t length = readlink(path, target, sizeof target - 1);
  target[length > 0 ? length : 0] = '\0';
  const char *slash = strrchr(target, '/');
  const char *name = slash != NULL ? slash + 1 : target;
  tracee->image = strcmp(name, "cmdmox-shim") == 0 ? SHIM
                  : strcmp(name, "cmdmox") == 0    ? RECORDER
                                                   : LIBRARY;
  tracee->knows_image = true;
  tracee->mapped = true;
  tracee->begin = tracee->end = 0;
}

static void find_library(struct tracee *tracee) {
  char path[64], line[4608];
  snprintf(path, sizeof path, "/proc/%d/maps", tracee->id);
  FILE *file = fopen(path, "re");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    unsigned long begin, end;
    char rights[5];
    if (strstr(line, "/libcmdmox.so") != NULL &&
        sscanf(line, "%lx-%lx %4s", &begin, &end, rights) == 3 && rights[2] == 'x') {
      tracee->begin = begin;
      tracee->end = end;
    }
  }
  if (file != NULL) {
    fclose(file);
  }
  tracee->mapped = false;
}

static bool is_memory_file(const struct tracee *tracee, uint64_t descriptor) {
  char path[64], target[256];
  snprintf(path, sizeof path, "/proc/%d/fd/%d", tracee->id, (int)descriptor);
  ssize_t length = readlink(path, target, sizeof target - 1);
  return length > 0 && strncmp(target, "/memfd:", 7) == 0;
}

/* What the stand-in does with its caller's streams fails for the program as well. */
static bool is_the_programs(const struct tracee *tracee, const struct __ptrace_syscall_info *info) {
  uint64_t call = info->entry.nr;
  return whose == SHIM &&
         (call == SYS_execve || call == SYS_read || call == SYS_splice || call == SYS_clone ||
          call == SYS_poll || (call == SYS_write && !is_memory_file(tracee, info->entry.args[0])));
}

static bool counts(struct tracee *tracee, const struct __ptrace_syscall_info *info) {
  if (!tracee->knows_image) {
    read_image(tracee);
  }
  if (tracee->image != whose) {
    return false;
  }
  uint64_t call = info->entry.nr;
  if (whose == LIBRARY) {
    if (tracee->end == 0 && tracee->mapped) {
      find_library(tracee);
    }
    tracee->mapped |= call == SYS_mmap;
    if (info->instruction_pointer < tracee->begin || info->instruction_pointer > tracee->end) {
      return false;
    }
  }
  switch (action) {
    case FAIL: return error_of((long)call, 0) != 0 && !is_the_programs(tracee, info);
    case SHORT: return call == SYS_write && info->entry.args[2] > 1;
    case CLOCK: return call == SYS_clock_gettime && info->entry.args[0] == CLOCK_REALTIME;
    default: return true;
  }
}

static void set_registers(pid_t id, void (*change)(struct user_regs_struct *, long), long with) {
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, id, NULL, &registers) == 0) {
    change(&registers, with);
    ptrace(PTRACE_SETREGS, id, NULL, &registers);
  }
}

static void set_call(struct user_regs_struct *registers, long call) {
  registers->orig_rax = (unsigned long long)call;
}
static void set_result(struct user_regs_struct *registers, long result) {
  registers->rax = (unsigned long long)result;
}
static void set_length(struct user_regs_struct *registers, long length) {
  registers->rdx = (unsigned long long)length;
}

static void sleep_milliseconds(long milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}

/* Continues a stopped process later, from a process that is not traced: all of its process group,
 * as a shell does, since a stand-in stops with its command. */
static void continue_later(pid_t group) {
  pid_t job = getpgid(group);
  if (fork() == 0) {
    sleep_milliseconds(value);
    kill(-job, SIGCONT);
    _exit(0);
  }
}

static void act(struct tracee *tracee, const struct __ptrace_syscall_info *info) {
  uint64_t call = info->entry.nr;
  char path[64], image[4096];
  snprintf(path, sizeof path, "/proc/%d/exe", tracee->id);
  ssize_t length = readlink(path, image, sizeof image - 1);
  image[length > 0 ? length : 0] = '\0';
  const char *slash = strrchr(image, '/');
  fprintf(report, "cut %llu %s %s\n", (unsigned long long)call, slash != NULL ? slash + 1 : image,
          tracee->group == root ? "root" : "other");
  fflush(report);
  switch (action) {
    case KILL: kill(tracee->group, SIGKILL); break;
    case FAIL:
      tracee->error = error_of((long)call, (unsigned)value);
      set_registers(tracee->id, set_call, -1);
      break;
    case PAUSE: sleep_milliseconds(value); break;
    case STOP:
      kill(tracee->group, SIGSTOP);
      stopping = tracee->group;
      break;
    case SHORT: set_registers(tracee->id, set_length, (long)info->entry.args[2] / 2); break;
    case CLOCK: break;
  }
  done = action != CLOCK;
}

static void at_entry(struct tracee *tracee, const struct __ptrace_syscall_info *info) {
  if (!counts(tracee, info)) {
    return;
  }
  calls++;
  if (nth != 0 && (calls == nth || (action == CLOCK && calls > nth))) {
    act(tracee, info);
    tracee->clock = action == CLOCK ? info->entry.args[1] : 0;
  }
}

static void at_exit_of_call(struct tracee *tracee) {
  if (tracee->error != 0) {
    set_registers(tracee->id, set_result, -tracee->error);
    tracee->error = 0;
  }
  if (tracee->clock != 0) {
    long seconds = ptrace(PTRACE_PEEKDATA, tracee->id, tracee->clock, NULL);
    ptrace(PTRACE_POKEDATA, tracee->id, tracee->clock, seconds + value);
    tracee->clock = 0;
  }
}

static void at_call(struct tracee *tracee) {
  struct __ptrace_syscall_info info;
  if (ptrace(PTRACE_GET_SYSCALL_INFO, tracee->id, sizeof info, &info) <= 0) {
    return;
  }
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY && !done) {
    at_entry(tracee, &info);
  } else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
    at_exit_of_call(tracee);
  }
}

static void inherit(const struct tracee *parent, pid_t id) {
  struct tracee *child = tracee_of(id);
  child->image = parent->image;
  child->knows_image = parent->knows_image;
  child->begin = parent->begin;
  child->end = parent->end;
  read_group(child);
}

/* Continues a tracee that has stopped. */
static void go_on(struct tracee *tracee, int status) {
  int signal = WSTOPSIG(status);
  int event = status >> 16;
  int delivered = 0;
  unsigned long message;
  bool listens = false;
  if (signal == (SIGTRAP | 0x80)) {
    at_call(tracee);
  } else if (event == PTRACE_EVENT_EXEC) {
    read_group(tracee);
    read_image(tracee);
  } else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
             event == PTRACE_EVENT_CLONE) {
    if (ptrace(PTRACE_GETEVENTMSG, tracee->id, NULL, &message) == 0) {
      inherit(tracee, (pid_t)message);
    }
  } else if (event == PTRACE_EVENT_STOP) {
    listens = signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
    /* Not before: a SIGCONT that comes before the stop is lost. */
    if (listens && tracee->group == stopping) {
      stopping = 0;
      continue_later(tracee->group);
    }
  } else {
    delivered = signal;
  }
  /* A process that is to die, or an error that is still to be given, needs its next stop. */
  int way = listens                                            ? (int)PTRACE_LISTEN
            : done && tracee->error == 0 && tracee->clock == 0 ? PTRACE_CONT
                                                               : PTRACE_SYSCALL;
  ptrace((enum __ptrace_request)way, tracee->id, NULL, (void *)(long)delivered);
}

static pid_t start(char **argv) {
  int ends[2];
  char byte;
  if (pipe(ends) < 0) {
    exit(70);
  }
  pid_t child = fork();
  if (child == 0) {
    close(ends[1]);
    if (read(ends[0], &byte, 1) == 1) {
      close(ends[0]);
      execvp(argv[0], argv);
    }
    _exit(127);
  }
  close(ends[0]);
  long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;
  if (child < 0 || ptrace(PTRACE_SEIZE, child, NULL, options) < 0) {
    perror("cut: ptrace");
    exit(77);
  }
  struct tracee *tracee = tracee_of(child);
  tracee->knows_image = true;
  tracee->mapped = false;
  if (ptrace(PTRACE_INTERRUPT, child, NULL, NULL) < 0 || write(ends[1], "x", 1) != 1) {
    exit(70);
  }
  close(ends[1]);
  return child;
}

/* Ends as the program did. */
static _Noreturn void end_like(int status) {
  if (WIFSIGNALED(status)) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(WTERMSIG(status), SIG_DFL);
    kill(getpid(), WTERMSIG(status));
  }
  exit(WEXITSTATUS(status));
}

int main(int argc, char **argv) {
  int dashes = 1;
  while (dashes < argc && strcmp(argv[dashes], "--") != 0) {
    dashes++;
  }
  if (dashes < 5 || dashes + 1 >= argc) {
    fputs("cut LOG library|shim|recorder NTH ACTION [VALUE] -- PROGRAM...\n", stderr);
    return 64;
  }
  report = fopen(argv[1], "we");
  whose = (enum whose)find(argv[2], whose_words, 3);
  nth = atol(argv[3]);
  action = (enum action)find(argv[4], action_words, 6);
  value = dashes > 5 ? atol(argv[5]) : 0;
  if (report == NULL) {
    perror(argv[1]);
    return 73;
  }
  root = start(argv + dashes + 1);
  int status, ending = 0;
  for (pid_t id; (id = waitpid(-1, &status, __WALL)) > 0;) {
    if (WIFSTOPPED(status)) {
      go_on(tracee_of(id), status);
      continue;
    }
    tracee_of(id)->id = 0;
    if (id == root) {
      ending = status;
      fprintf(report, "ended\n");
      fflush(report);
    }
  }
  fprintf(report, "calls %ld\n", calls);
  fclose(report);
  end_like(ending);
}
