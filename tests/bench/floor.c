// SPDX-License-Identifier: Apache-2.0
/* The least that "send one alert" can cost: open, read, connect, POST, read the answer, exit. Static, no library.
   floor PORT KEY BODY_FILE */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char body[1 << 20];
static char request[(1 << 20) + 1024];
static char answer[1 << 16];

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const int file = open(argv[3], O_RDONLY);
  const ssize_t size = read(file, body, sizeof body);
  if (file < 0 || size <= 0) return 1;
  const int head = snprintf(request, sizeof request,
                            "POST /api/v1/alert HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
                            "Content-Type: application/json\r\nContent-Length: %zd\r\n\r\n",
                            argv[2], size);
  memcpy(request + head, body, (size_t)size);
  const int s = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
  inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  if (connect(s, (struct sockaddr*)&to, sizeof to) != 0) return 1;
  const ssize_t total = head + size;
  if (write(s, request, (size_t)total) != total) return 1;
  if (read(s, answer, sizeof answer - 1) <= 0) return 1;
  return strstr(answer, " 201 ") != NULL ? 0 : 1;
}
