/* Descriptors over a socket: unix(7), cmsg(3). */
#include <sys/socket.h>

#include "deep.h"
#include "syscalls.h"

union rights {
  struct cmsghdr header;
  char room[CMSG_SPACE(sizeof(int))];
};

long deep_send(int socket, const struct cmdmox_deep_word *word, int descriptor) {
  struct iovec part = {.iov_base = (void *)word, .iov_len = sizeof *word};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  union rights rights = {{0}};
  if (descriptor >= 0) {
    message.msg_control = &rights;
    message.msg_controllen = sizeof rights;
    rights.header.cmsg_level = SOL_SOCKET;
    rights.header.cmsg_type = SCM_RIGHTS;
    rights.header.cmsg_len = CMSG_LEN(sizeof(int));
    *(int *)CMSG_DATA(&rights.header) = descriptor;
  }
  return cmdmox_call(sendmsg, socket, &message, MSG_NOSIGNAL);
}

int deep_receive(int socket) {
  char byte;
  struct iovec part = {.iov_base = &byte, .iov_len = 1};
  union rights rights = {{0}};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = &rights, .msg_controllen = sizeof rights};
  if (cmdmox_call(recvmsg, socket, &message, MSG_CMSG_CLOEXEC) <= 0 ||
      message.msg_controllen < sizeof rights.header || rights.header.cmsg_type != SCM_RIGHTS) {
    return -1;
  }
  return *(int *)CMSG_DATA(&rights.header);
}
