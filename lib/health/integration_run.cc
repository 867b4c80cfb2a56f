// SPDX-License-Identifier: Apache-2.0
#include "health/integration_run.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/env.h"
#include "base/text.h"
#include "base/time.h"

namespace socbridge::health {
namespace {

constexpr int kNotStarted = 126;  // not one of our exit codes

// Runs in the child after fork(): async-signal-safe calls only.
[[noreturn]] void become(const IntegrationCall& call, char* const* argv, char* const* environment,
                         int output) {
  ::setsid();
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  bool ready =
      null >= 0 && ::dup2(null, 0) == 0 && ::dup2(output, 1) == 1 && ::dup2(output, 2) == 2;
  if (ready && ::geteuid() == 0 && call.uid != 0) {
    ready = ::setgroups(1, &call.gid) == 0 && ::setgid(call.gid) == 0 && ::setuid(call.uid) == 0;
  }
  ready = ready && ::chdir(call.home.c_str()) == 0;
  ::signal(SIGHUP, SIG_IGN);
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  if (ready) ::execve(call.program.c_str(), argv, environment);
  ::_exit(kNotStarted);
}

// Reads the output until all writers have closed it; false if the time is over.
bool read_output(int fd, const Deadline& deadline, std::string& out) {
  constexpr std::size_t kMost = std::size_t{1} << 20;
  std::array<char, 4096> buffer{};
  while (true) {
    pollfd wait{fd, POLLIN, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(deadline.left_ms()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    if (out.size() < kMost) out.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

// False if time runs out before the child ends, which may have closed its output long before.
bool await_end(pid_t child, const Deadline& deadline, int& status) {
  constexpr int kPauseMs = 5;
  while (true) {
    const pid_t done = ::waitpid(child, &status, WNOHANG);
    if (done == child || (done < 0 && errno != EINTR)) return true;
    if (deadline.passed()) return false;
    ::poll(nullptr, 0, kPauseMs);
  }
}

// With what it has started; before its setsid() it has no group of its own yet.
void end_by_force(pid_t child, int& status) {
  ::kill(-child, SIGKILL);
  ::kill(child, SIGKILL);
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
}

std::string last_line(std::string_view text) {
  std::string line;
  for (const std::string_view one : split(text, '\n')) {
    if (!trim(one).empty()) line = printable(trim(one));
  }
  return line;
}

Status not_started(const std::string& program, int error) {
  return Status::error(ExitCode::failure, "cannot run " + printable(program) + ": " +
                                              std::generic_category().message(error));
}

}  // namespace

Result<IntegrationResult> run_integration(const IntegrationCall& call) {
  std::string name = "integrations";  // argv[0] is the folder, as set by integratord
  std::vector<std::string> words = call.words;
  std::vector<char*> argv = {name.data()};
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  std::array<char*, 2> environment = {path.data(), nullptr};

  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return not_started(call.program, errno);
  Fd reading(ends[0]);
  Fd writing(ends[1]);
  const std::int64_t started = steady_now_ms();
  const pid_t child = ::fork();
  if (child < 0) return not_started(call.program, errno);
  if (child == 0) become(call, argv.data(), environment.data(), writing.get());
  writing = Fd();

  const Deadline deadline = Deadline::after_ms(call.timeout_ms);
  std::string output;
  int status = 0;
  const bool ended =
      read_output(reading.get(), deadline, output) && await_end(child, deadline, status);
  if (!ended) end_by_force(child, status);
  IntegrationResult result;
  result.took_ms = steady_now_ms() - started;
  result.last_line = last_line(output);
  if (!ended) {
    return Status::error(ExitCode::unreachable,
                         printable(call.program) + " did not end within " +
                             std::to_string(call.timeout_ms) + " ms: integratord would hang",
                         "check budget_ms and which process keeps its output open");
  }
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (result.exit_code == kNotStarted || result.exit_code == 127) {
    return Status::error(
        ExitCode::failure,
        "cannot run " + printable(call.program) + " as user " + std::to_string(call.uid),
        "run chown root:wazuh and chmod 0750 on it");
  }
  return result;
}

}  // namespace socbridge::health
