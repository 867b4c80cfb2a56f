// SPDX-License-Identifier: Apache-2.0
/* The least that "accept by HTTP" can cost: read the request, write its body to a file of its own, fsync, answer.
   A thread for each connection, no library, no check.   floor_receive FOLDER  prints its port. */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char* folder;
static atomic_ulong number;

static void* talk(void* argument) {
  const int peer = (int)(long)argument;
  static const char kAnswer[] = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
  char bytes[65536];
  size_t have = 0;
  for (;;) {
    bytes[have] = 0;
    char* end = strstr(bytes, "\r\n\r\n");
    char* length = end ? strstr(bytes, "Content-Length: ") : NULL;
    const size_t head = end ? (size_t)(end - bytes) + 4 : 0;
    const size_t body = length ? (size_t)atol(length + 16) : 0;
    if (!end || have < head + body) {
      const ssize_t got = recv(peer, bytes + have, sizeof bytes - 1 - have, 0);
      if (got <= 0) break;
      have += (size_t)got;
      continue;
    }
    char path[512];
    snprintf(path, sizeof path, "%s/%lu", folder, atomic_fetch_add(&number, 1));
    const int file = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (file < 0 || write(file, bytes + head, body) != (ssize_t)body || fsync(file) != 0) exit(1);
    close(file);
    send(peer, kAnswer, sizeof kAnswer - 1, MSG_NOSIGNAL);
    memmove(bytes, bytes + head + body, have - head - body);
    have -= head + body;
  }
  close(peer);
  return NULL;
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  folder = argv[1];
  const int s = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  if (bind(s, (struct sockaddr*)&at, size) != 0 || listen(s, 256) != 0) return 1;
  getsockname(s, (struct sockaddr*)&at, &size);
  printf("%d\n", ntohs(at.sin_port));
  fflush(stdout);
  for (;;) {
    const int peer = accept(s, NULL, NULL);
    if (peer < 0) continue;
    const int on = 1;
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    pthread_t thread;
    pthread_create(&thread, NULL, talk, (void*)(long)peer);
    pthread_detach(thread);
  }
}
