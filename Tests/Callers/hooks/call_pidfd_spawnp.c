/* flags: -L@ -lpidfdspawn -Wl,-rpath,@ */
/* pidfd_spawnp: as posix_spawnp, with a descriptor instead of the pid. */
#define HOOK "pidfd_spawnp"
#define SEARCHES 1
#include "call_pidfd_spawn.h"

DEFINE_SPAWN_CALL(pidfd_spawnp)

int main(void) {
  run_exec_cases();
  int pidfd = -1;
  int error =
      pidfd_spawnp(&pidfd, "/bin/true", NULL, NULL, WORDS("true", "by descriptor"), environ);
  siginfo_t info = {.si_status = -1};
  waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED);
  say("by descriptor: %d, exited %d", error, info.si_status);
  return 0;
}
