// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <memory>

#include "base/text.h"
#include "integration/settings_lookup.h"
#include "relay/event_log.h"
#include "relay/relay.h"
#include "service/service_manager.h"
#include "service/signal_queue.h"
#include "socctl/common/command.h"
#include "socctl/common/spool_options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  SpoolOptions spool;
  bool once = false;
  bool verbose = false;
  std::size_t in_flight = 32;
  std::size_t threads = 0;
  std::string timeout = "30s";
  std::string grace = "10s";
  std::string metrics_file;
};

// Each alert under way needs five descriptors or so.
void allow_many_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// The journal takes a line's level from its head.
const char* journal_level(relay::Level level) {
  static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  if (!journal) return level == relay::Level::error ? "error: " : "";
  switch (level) {
    case relay::Level::error: return "<3>";
    case relay::Level::warning: return "<4>";
    case relay::Level::info: return "<6>";
  }
  return "";
}

void log_line(relay::Level level, const std::string& line) {
  constexpr std::size_t kMost = 1000;
  const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  const std::string text = printable(line, kMost);
  write_err(journal ? journal_level(level) + text + "\n"
                    : std::string("socctl relay: ") + journal_level(level) + text + "\n");
}

Status read_duration(const char* option, const std::string& text, std::int64_t& ms) {
  const auto read = parse_duration_ms(text);
  if (!read || *read < 1 || *read > 3600000) {
    return Status::error(ExitCode::usage, std::string(option) +
                                              " wants a time up to 1h such as 500ms, 30s or 2m, "
                                              "not \"" +
                                              printable(text, 40) + "\"");
  }
  ms = *read;
  return {};
}

ExitCode run_relay(const Options& given, Context& context) {
  relay::RelayOptions options;
  options.once = given.once;
  options.in_flight = given.in_flight;
  options.threads = given.threads;
  options.metrics_file = given.metrics_file;
  if (const Status bad = read_duration("--timeout", given.timeout, options.request_ms); !bad.ok()) {
    return fail(bad);
  }
  if (const Status bad = read_duration("--grace", given.grace, options.grace_ms); !bad.ok()) {
    return fail(bad);
  }
  auto open = open_spool(context.env, given.spool, SpoolUse::make);
  if (!open.ok()) return fail(open.status());
  allow_many_files();
  std::signal(SIGPIPE, SIG_IGN);  // a server that closes while TLS writes
  SignalQueue signals({SIGTERM, SIGINT, SIGHUP});
  ServiceManager manager = ServiceManager::of_process();
  relay::EventLog log(log_line, given.verbose);
  integration::SettingsLookup accounts(context.env, open->place.home, open->place.config_file,
                                       open->place.ossec_conf);
  relay::Relay relay(open->spool.env(), open->spool, accounts, options, log);
  const ExitCode code = relay.run(signals, manager);
  if (given.once) {
    const relay::RelayCounts counts = relay.counts();
    write_out(std::to_string(counts.delivered) + " delivered, " + std::to_string(counts.postponed) +
              " not delivered, " + std::to_string(counts.dead) + " refused, " +
              std::to_string(counts.corrupt) + " damaged, " + std::to_string(counts.filtered) +
              " filtered, " + std::to_string(relay.waiting()) + " waiting\n");
  }
  return code;
}

}  // namespace

void add_relay(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand(
      "relay", "Deliver what custom-w2thive has accepted, many alerts at once, until stopped");
  auto options = std::make_shared<Options>();
  options->spool.add_to(*command);
  command->add_flag("--once", options->once, "Deliver what is due now, then end");
  constexpr int kMostInFlight = 256;
  command
      ->add_option("--in-flight", options->in_flight,
                   "Requests under way at most, 1 to 256 (default 32); fewer while the server "
                   "fails")
      ->type_name("NUMBER")
      ->range(1, kMostInFlight);
  constexpr int kMostThreads = 16;
  command
      ->add_option("--threads", options->threads,
                   "Threads that deliver, 1 to 16 (default: one for each processor, at most 4, "
                   "and none with less than 8 requests)")
      ->type_name("NUMBER")
      ->range(1, kMostThreads);
  command->add_option("--timeout", options->timeout, "Longest wait for one answer (default 30s)")
      ->type_name("TIME");
  command
      ->add_option("--grace", options->grace,
                   "How long requests under way may take to end after SIGTERM (default 10s)")
      ->type_name("TIME");
  command
      ->add_option("--metrics-file", options->metrics_file,
                   "Write counts to this file every 10 s, for Prometheus' textfile collector")
      ->type_name("FILE");
  command->add_flag("-v,--verbose", options->verbose, "Log a line for each alert");
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_relay(*options, context); };
  });
}

}  // namespace socbridge::socctl
