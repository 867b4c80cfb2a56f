// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>

#include "base/durable_file.h"
#include "base/time.h"
#include "service/change_signal.h"
#include "service/service_runtime.h"
#include "socctl/common/command.h"
#include "socctl/opencti/stream_options.h"
#include "stream/consumer.h"
#include "stream/consumer_counts.h"

namespace socbridge::socctl {
namespace {

// Signals the end of the run to the helper threads.
class End {
 public:
  void set() {
    over_ = true;
    changed_.notify();
  }
  // True: the run has ended. False: `ms` have passed.
  bool wait(std::int64_t ms) const {
    return changed_.wait(ms, [this] { return over_.load(); });
  }

 private:
  std::atomic<bool> over_{false};
  ChangeSignal changed_;
};

// READY=1 after the first connection; WATCHDOG=1 while the reader advances.
void keep_manager_informed(ServiceManager& manager, const stream::StreamConsumer& consumer,
                           const End& end) {
  constexpr std::int64_t kStartMs = 100, kIdleMs = 60000;
  bool ready = false;
  std::uint64_t seen = 0;
  const auto every_ms = manager.watchdog_every_ms();
  const std::int64_t idle_ms = every_ms.value_or(kIdleMs);
  std::int64_t next_ms = 0;
  while (!end.wait(ready ? std::clamp<std::int64_t>(next_ms - steady_now_ms(), 0, idle_ms)
                         : std::min(kStartMs, idle_ms))) {
    if (!ready && consumer.reading()) {
      ready = true;
      manager.ready("reading the live stream");
    }
    if (steady_now_ms() < next_ms) continue;
    next_ms = steady_now_ms() + idle_ms;
    if (!every_ms) continue;
    const std::uint64_t beats = ready ? consumer.beats() : seen + 1;
    if (beats != seen) manager.watchdog();
    seen = beats;
  }
}

// Reports the counts at intervals: for a log, and for the textfile collector.
class Statistics {
 public:
  Statistics(Env& env, const stream::StreamConsumer& consumer, std::int64_t every_ms,
             std::string file)
      : env_(env), consumer_(consumer), every_ms_(every_ms), file_(std::move(file)) {}

  void run(const End& end) {
    constexpr std::int64_t kFileMs = 60000;
    const std::int64_t pause_ms = every_ms_ > 0 ? every_ms_ : kFileMs;
    while (!end.wait(pause_ms)) {
      if (!consumer_.reading()) continue;
      if (every_ms_ > 0) {
        write_err("socctl: stats " + counts_line(consumer_.counts(), wall_now_ms()) + "\n");
      }
      write_file();
    }
    if (consumer_.began()) write_file();  // the final counts
  }

 private:
  void write_file() {
    if (file_.empty()) return;
    const Status written = replace_for_readers(
        env_, file_, counts_prometheus(consumer_.counts(), wall_now_ms()), Readers::all);
    if (!written.ok() && !warned_) warn("metrics: " + written.line());
    warned_ = !written.ok();
  }

  Env& env_;
  const stream::StreamConsumer& consumer_;
  std::int64_t every_ms_;
  std::string file_;
  bool warned_ = false;  // warn once per series of failures
};

ExitCode run_stream(const StreamOptions& given, Context& context) {
  const auto format = output_format(given.output);
  if (!format.ok()) return fail(format.status());
  const bool json = *format == term::Format::jsonl;
  if (!json && !given.output.empty() && *format != term::Format::plain) {
    return fail(Status::error(ExitCode::usage,
                              "opencti stream has the output forms plain and jsonl",
                              "leave out -o, or write -o jsonl"));
  }
  auto pages = given.pages.open(context.env);
  if (!pages.ok()) return fail(pages.status());
  auto setup = given.setup(context);
  if (!setup.ok()) return fail(setup.status());
  const auto stats_ms = given.stats_ms();
  if (!stats_ms.ok()) return fail(stats_ms.status());

  ServiceRuntime service;

  const auto report = [json](const stream::Event& event) {
    write_out((json ? stream::event_json(event) : stream::event_text(event)) + "\n");
    std::fflush(stdout);
  };
  stream::StreamConsumer consumer(context.env, std::move(*setup), report);
  End end;
  std::thread keeper([&] { keep_manager_informed(service.manager(), consumer, end); });
  Statistics statistics(context.env, consumer, *stats_ms, given.metrics_file);
  std::thread counter([&] { statistics.run(end); });
  serve_metrics(pages->get(), [&consumer] {
    return consumer.began() ? counts_prometheus(consumer.counts(), wall_now_ms()) : std::string();
  });
  const Status ended = consumer.run(service.signals().fd());
  pages->reset();
  end.set();
  keeper.join();
  counter.join();
  service.manager().stopping("stopped reading");
  write_err("socctl: stream " + counts_json(consumer.counts()) + "\n");
  if (ended.code() == ExitCode::interrupted && !given.once && given.until_idle.empty()) {
    return ExitCode::ok;  // a stopped service ended as intended
  }
  return ended.ok() ? ExitCode::ok : fail(ended);
}

}  // namespace

void add_opencti_stream(Command& opencti, Chosen& chosen) {
  Command* command = opencti.add_subcommand(
      "stream",
      "Follow OpenCTI's live stream and report matches with observables of open cases to TheHive");
  auto options = std::make_shared<StreamOptions>();
  options->add_to(*command);
  add_output_option(*command, options->output);
  command->callback([&chosen, options] {
    options->thehive.config_file = options->opencti.config_file;
    chosen.handler = [options](Context& context) { return run_stream(*options, context); };
  });
}

}  // namespace socbridge::socctl
