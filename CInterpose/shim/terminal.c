/* stdout on a terminal: a pseudo-terminal in between, so that the command still finds one.
 *
 * Only stdout: a pager takes its keys from the terminal that stderr is, which stays the real one.
 * Three things make it unnoticeable: packet mode and EXTPROC tell us of every change of the inner
 * terminal's settings, which are carried over; the inner one does not process output, or each line
 * would end twice; it is nobody's controlling terminal, so that job control stays the caller's. */
#include <asm/termbits.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>

#include "shim.h"
#include "syscalls.h"

/* The inner terminal begins as the real one is. */
static bool make_alike(int inner, int real) {
  struct termios settings;
  struct winsize size;
  if (cmdmox_call(ioctl, real, TCGETS, &settings) < 0) {
    return false;
  }
  settings.c_oflag &= ~(tcflag_t)OPOST;
  settings.c_lflag |= EXTPROC;
  if (cmdmox_call(ioctl, real, TIOCGWINSZ, &size) == 0) {
    cmdmox_call(ioctl, inner, TIOCSWINSZ, &size);
  }
  return cmdmox_call(ioctl, inner, TCSETS, &settings) == 0;
}

bool shim_is_terminal(int descriptor) {
  struct termios settings;
  return cmdmox_call(ioctl, descriptor, TCGETS, &settings) == 0;
}

/* No pseudo-terminal to be had: the caller's is left alone. */
void shim_terminal_open(struct shim_stream *stream, int number) {
  int unlocked = 0, packets = 1;
  int outer = shim_above_standard(
      cmdmox_call(openat, AT_FDCWD, "/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK, 0));
  if (outer < 0) {
    return;
  }
  cmdmox_call(ioctl, outer, TIOCSPTLCK, &unlocked);
  int inner =
      shim_above_standard(cmdmox_call(ioctl, outer, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (inner < 0 || !make_alike(inner, number) || cmdmox_call(ioctl, outer, TIOCPKT, &packets) < 0) {
    shim_close(&inner);
    shim_close(&outer);
    return;
  }
  int own = shim_reopen(number, O_RDWR | O_NONBLOCK);
  stream->how = CMDMOX_STREAM_RELAYED;
  stream->child = inner;
  stream->from = outer;
  stream->to = own >= 0 ? own : number;
  stream->way = own >= 0 ? SHIM_WAY_NONBLOCKING : SHIM_WAY_CAREFUL;
  stream->terminal = true;
}

/* The command has changed the inner terminal's settings: it means the real one's. */
static void carry_over(const struct shim_stream *stream) {
  struct termios inner, real;
  if (cmdmox_call(ioctl, stream->from, TCGETS, &inner) < 0 ||
      cmdmox_call(ioctl, stream->to, TCGETS, &real) < 0) {
    return;
  }
  real.c_iflag = inner.c_iflag;
  real.c_lflag = inner.c_lflag & ~(tcflag_t)EXTPROC;
  for (size_t i = 0; i < sizeof real.c_cc / sizeof *real.c_cc; i++) {
    real.c_cc[i] = inner.c_cc[i];
  }
  /* From the background too: SIGTTOU is blocked here. */
  cmdmox_call(ioctl, stream->to, TCSETS, &real);
}

bool shim_terminal_is_packet(const struct shim_stream *stream) {
  unsigned status = (unsigned char)stream->buffer[0];
  if ((status & TIOCPKT_IOCTL) != 0) {
    carry_over(stream);
  }
  return status == TIOCPKT_DATA;
}

void shim_terminal_resize(const struct shim *shim) {
  const struct shim_stream *stream = &shim->streams[1];
  struct winsize real, inner;
  if (!stream->terminal || stream->from < 0 ||
      cmdmox_call(ioctl, stream->to, TIOCGWINSZ, &real) < 0 ||
      cmdmox_call(ioctl, stream->from, TIOCGWINSZ, &inner) < 0 ||
      (real.ws_row == inner.ws_row && real.ws_col == inner.ws_col)) {
    return;
  }
  cmdmox_call(ioctl, stream->from, TIOCSWINSZ, &real);
  /* The real terminal's own signal may have come before the size was set. */
  cmdmox_call(kill, shim->child, SIGWINCH);
}
