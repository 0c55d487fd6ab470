/* What a controller says to a stand-in: a decision, an answer, questions for its stdin, or anything
 * else. The stand-in takes it or not, and an answer to its end. */
#include "cmdmox_control.h"
#include "shim.h"
#include "simulation.h"

static void ask_and_reply(void) {
  static char *nothing[] = {"command", NULL};
  static struct shim shim;
  memset(&shim, 0, sizeof shim);
  shim.command.argv = shim.command.stripped = nothing;
  shim.command.path = "/bin/command";
  shim.command.session = "/run/cmdmox/replay";
  if (setjmp(simulation.end) == 0 && shim_ask(&shim) == SHIM_ANSWERED) {
    shim_reply(&shim);
  }
  if ((shim.answer.flags & CMDMOX_ANSWER_MEMORY) == 0) {
    EXPECT(simulation.written[0] <= shim.answer.lengths[0]);
    EXPECT(simulation.written[1] <= shim.answer.lengths[1]);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  simulation = (struct simulation){.input = {.bytes = bytes, .left = count}};
  ask_and_reply();
  return 0;
}
