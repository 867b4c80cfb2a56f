// SPDX-License-Identifier: Apache-2.0
#include "socctl/relay/relay_options.h"

#include <sys/resource.h>

#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "socctl/common/command.h"

namespace socbridge::socctl {
namespace {

// The journal reads the level of a line from its prefix.
const char* level_mark(relay::Level level, bool journal) {
  if (!journal) return level == relay::Level::error ? "error: " : "";
  switch (level) {
    case relay::Level::error: return "<3>";
    case relay::Level::warning: return "<4>";
    case relay::Level::info: return "<6>";
  }
  return "";
}

}  // namespace

std::size_t allow_many_files() {
  constexpr std::size_t kUsual = 1024;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kUsual;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : kUsual;
}

relay::EventLog::Sink service_log(std::string name) {
  const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  const std::string head = journal ? std::string() : std::move(name) + ": ";
  return [head, journal](relay::Level level, const std::string& line) {
    constexpr std::size_t kMost = 1000;
    write_err(head + level_mark(level, journal) + printable(line, kMost) + "\n");
  };
}

Result<std::int64_t> short_time(const char* option, const std::string& text) {
  constexpr std::int64_t kHour = 3600000;
  const auto read = parse_duration_ms(text);
  if (read && *read >= 1 && *read <= kHour) return *read;
  return Status::error(ExitCode::usage, std::string(option) +
                                            " must be a time up to 1h such as 500ms, 30s or 2m, "
                                            "not \"" +
                                            printable(text, 40) + "\"");
}

Result<relay::RelayOptions> RelayFlags::read() const {
  relay::RelayOptions options;
  options.in_flight = in_flight;
  options.threads = threads;
  options.metrics_file = metrics_file;
  const auto request = short_time("--timeout", timeout);
  if (!request.ok()) return request.status();
  options.request_ms = *request;
  const auto end = short_time("--grace", grace);
  if (!end.ok()) return end.status();
  options.grace_ms = *end;
  const auto every = short_time("--metrics-every", metrics_every);
  if (!every.ok()) return every.status();
  options.metrics_every_ms = *every;
  return options;
}

void RelayFlags::add_to(Command& command) {
  constexpr int kMostInFlight = 256;
  command
      .add_option("--in-flight", in_flight,
                  "Maximum requests in flight, 1 to 256 (default 32); fewer while the server "
                  "fails")
      ->type_name("NUMBER")
      ->range(1, kMostInFlight);
  constexpr int kMostThreads = 16;
  command
      .add_option("--threads", threads,
                  "Delivery threads, 1 to 16 (default: one per processor, at most 4, "
                  "and none with less than 8 requests)")
      ->type_name("NUMBER")
      ->range(1, kMostThreads);
  command.add_option("--timeout", timeout, "Time limit for one answer (default 30s)")
      ->type_name("TIME");
  command
      .add_option("--grace", grace, "Time limit for requests in flight after SIGTERM (default 10s)")
      ->type_name("TIME");
  command
      .add_option("--metrics-file", metrics_file,
                  "Write counts to this file, for Prometheus' textfile collector")
      ->type_name("FILE");
  command
      .add_option("--metrics-every", metrics_every,
                  "Interval for writing --metrics-file (default 10s)")
      ->type_name("TIME");
  command.add_flag("-v,--verbose", verbose, "Log a line for each alert");
}

}  // namespace socbridge::socctl
