// SPDX-License-Identifier: Apache-2.0
/* Runs a program and kills it with SIGKILL just before its N-th system call after exec.
     syscall_killer N REPORT PROGRAM ARGV0 [ARG...]
   N 0: let it end. REPORT (a file) gets one line: `killed N SYSCALL_NUMBER` or `ended CALLS EXIT_CODE`.
   The exit code is that of the program, 137 if it was killed. The calls of all its threads count. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(char** argv) {
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    execv(argv[0], argv + 1);
    _exit(126);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return -1;
  const long options =
      PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE;
  if (ptrace(PTRACE_SETOPTIONS, child, 0, options) != 0) return -1;
  return ptrace(PTRACE_SYSCALL, child, 0, 0) == 0 ? child : -1;
}

/* The number of the system call that the thread is about to make, or -1 if it comes back from one. */
static long call_at(pid_t thread) {
  struct __ptrace_syscall_info info;
  const long size = ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info);
  return size > 0 && info.op == PTRACE_SYSCALL_INFO_ENTRY ? (long)info.entry.nr : -1;
}

static void kill_now(pid_t child) {
  int status = 0;
  kill(child, SIGKILL);
  for (;;) { /* each thread is waited for: the first is not gone before the others are */
    const pid_t thread = waitpid(-1, &status, __WALL);
    if (thread < 0 && errno != EINTR) return;
    if (thread == child && (WIFEXITED(status) || WIFSIGNALED(status))) return;
  }
}

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const long target = atol(argv[1]);
  const int out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const pid_t child = out < 0 ? -1 : start(argv + 3);
  if (child < 0) return 2;
  long calls = 0;
  int running = 0; /* the exec is over */
  for (;;) {
    int status = 0;
    const pid_t thread = waitpid(-1, &status, __WALL);
    if (thread < 0) {
      if (errno == EINTR) continue;
      return 2;
    }
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      if (thread != child) continue;
      const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      dprintf(out, "ended %ld %d\n", calls, code);
      return code;
    }
    int signal = WSTOPSIG(status);
    if (signal == (SIGTRAP | 0x80)) {
      signal = 0;
      const long number = running ? call_at(thread) : -1;
      if (number >= 0 && ++calls == target) {
        kill_now(child);
        dprintf(out, "killed %ld %ld\n", calls, number);
        return 137;
      }
    } else if (status >> 8 == (SIGTRAP | (PTRACE_EVENT_EXEC << 8))) {
      signal = 0;
      running = 1;
    } else if (signal == SIGSTOP || signal == SIGTRAP) {
      signal = 0; /* a new thread, or the event of its making */
    }
    ptrace(PTRACE_SYSCALL, thread, 0, signal);
  }
}
