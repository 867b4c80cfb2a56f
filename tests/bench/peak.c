// SPDX-License-Identifier: Apache-2.0
/* peak FILE COMMAND [ARGUMENT...] runs the command, writes its peak RSS in KiB to FILE and ends as it did.
   A process made by Python cannot be asked for it: until exec it has Python's own memory, and that counts. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 64;
  pid_t pid = fork();
  if (pid == 0) {
    execv(argv[2], argv + 2);
    _exit(127);
  }
  int status = 0;
  struct rusage usage;
  FILE *out = fopen(argv[1], "w");
  if (pid < 0 || out == NULL || wait4(pid, &status, 0, &usage) != pid) return 71;
  fprintf(out, "%ld\n", usage.ru_maxrss);
  fclose(out);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
