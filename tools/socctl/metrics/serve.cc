// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/time.h"
#include "metrics/write_metrics.h"
#include "service/change_signal.h"
#include "service/service_runtime.h"
#include "socctl/common/metrics_listen.h"
#include "socctl/metrics/options.h"
#include "web/accept.h"
#include "web/page_server.h"

namespace socbridge::socctl {
namespace {

struct Options {
  MetricsOptions metrics;
  std::string listen = "127.0.0.1:9469", web_config, interval = "1m";
};

// The last metrics. Thread safe.
class Board {
 public:
  // `complete`: all data of the answering products is there.
  void put(metrics::Snapshot snapshot, bool complete) {
    const std::lock_guard lock(mutex_);
    text_ = metrics::write_metrics(snapshot, PrometheusText::Style::prometheus);
    open_ = metrics::write_metrics(snapshot, PrometheusText::Style::openmetrics);
    if (complete) put_ms_ = steady_now_ms();
  }
  // Empty before the first put().
  std::string text(PrometheusText::Style style) const {
    const std::lock_guard lock(mutex_);
    return style == PrometheusText::Style::openmetrics ? open_ : text_;
  }
  bool is_fresh(std::int64_t within_ms) const {
    const std::lock_guard lock(mutex_);
    return put_ms_ != 0 && steady_now_ms() - put_ms_ <= within_ms;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_, open_;
  std::int64_t put_ms_ = 0;
};

web::HttpAnswer answer_metrics(const web::RequestHead& request, const Board& board) {
  constexpr const char* kOpen = "application/openmetrics-text";
  const int open = web::accept_quality(request.accept, kOpen, "1.0.0");
  const bool wanted =
      open > 0 && open >= web::accept_quality(request.accept, "text/plain", "0.0.4");
  std::string body =
      board.text(wanted ? PrometheusText::Style::openmetrics : PrometheusText::Style::prometheus);
  if (body.empty()) return web::plain_answer(503, "the products have not been polled yet");
  return {200,
          wanted ? std::string(kOpen) + "; version=1.0.0; charset=utf-8"
                 : "text/plain; version=0.0.4; charset=utf-8",
          std::move(body)};
}

web::HttpAnswer answer(const web::RequestHead& request, const Board& board, std::int64_t stale_ms) {
  if (request.path == "/metrics") return answer_metrics(request, board);
  if (request.path == "/healthz") return web::plain_answer(200, "ok");
  if (request.path == "/readyz") {
    return board.is_fresh(stale_ms) ? web::plain_answer(200, "ready")
                                    : web::plain_answer(503, "no metrics, or they are old");
  }
  return web::plain_answer(404, "the pages are /metrics, /healthz and /readyz");
}

// Polls the products in its own thread, until stopped.
class Collector {
 public:
  Collector(const MetricsSources& found, std::int64_t interval_ms, Board& board)
      : thread_([this, &found, interval_ms, &board] { run(found, interval_ms, board); }) {}
  // False: a request is still running, and the thread is abandoned.
  bool stop() {
    constexpr std::int64_t kGraceMs = 1000;
    stopping_ = true;
    changed_.notify();
    if (!changed_.wait(kGraceMs, [this] { return over_.load(); })) return false;
    thread_.join();
    return true;
  }

 private:
  static constexpr std::int64_t kFill = 200;

  void run(const MetricsSources& found, std::int64_t interval_ms, Board& board) {
    std::string last;
    metrics::Exporter exporter(found.sources);
    while (!stopping_) {
      metrics::Snapshot snapshot = exporter.collect(found.timeout_ms, metrics::Amount::part);
      if (stopping_) break;
      std::string failures;
      for (const metrics::Scrape& one : snapshot.scrapes) {
        failures += one.product + " " + std::to_string(static_cast<int>(one.status.code())) + "\n";
      }
      if (failures != last) warn_of_failures(snapshot);  // only when they change, not each minute
      last = failures;
      board.put(std::move(snapshot), exporter.complete());
      // Some of TheHive's numbers are missing at first: the next poll follows at once.
      const std::int64_t pause_ms =
          exporter.complete() ? interval_ms : std::min(interval_ms, kFill);
      changed_.wait(pause_ms, [this] { return stopping_.load(); });
    }
    over_ = true;
    changed_.notify();
  }

  std::atomic<bool> stopping_{false}, over_{false};
  ChangeSignal changed_;
  std::thread thread_;
};

ExitCode run_serve(const Options& options, Context& context) {
  const auto interval = metrics_duration("--interval", options.interval);
  if (!interval.ok()) return fail(interval.status());
  auto server =
      web::PageServer::open(context.env, {options.listen, options.web_config, complain_of_files});
  if (!server.ok()) return fail(server.status());
  MetricsOptions sources = options.metrics;
  sources.spool.named = (*server)->files();
  const auto found = find_metrics_sources(context.env, sources);
  if (!found.ok()) return fail(found.status());
  ServiceRuntime service;
  Board board;
  constexpr int kProducts = 6, kMissed = 3;
  const std::int64_t stale_ms = kMissed * (*interval + kProducts * (*found)->timeout_ms);
  const std::unique_ptr<web::PageServer> pages =
      std::move(*server);  // destroyed before the objects that it reads
  const std::string where = pages->url() + "/metrics";
  write_err("socctl: listening at " + where + "\n");
  Collector collector(**found, *interval, board);
  pages->start([&](const web::RequestHead& request) { return answer(request, board, stale_ms); });
  service.manager().ready("metrics at " + where);
  service.wait(-1);
  service.manager().stopping("stopping");
  if (!collector.stop()) {
    std::fflush(nullptr);
    std::_Exit(static_cast<int>(ExitCode::ok));
  }
  return ExitCode::ok;
}

}  // namespace

void add_metrics_serve(Command& metrics, Chosen& chosen) {
  Command* command = metrics.add_subcommand(
      "serve", "Serve /metrics, /healthz and /readyz over HTTP until stopped");
  auto options = std::make_shared<Options>();
  command
      ->add_option("--listen", options->listen,
                   "Address and port (default 127.0.0.1:9469); :9469 is every IPv4 address")
      ->type_name("ADDRESS");
  add_web_config_option(*command, options->web_config);
  command
      ->add_option("--interval", options->interval,
                   "Interval of polls of the products (default 1m); requests in between get "
                   "the last metrics")
      ->type_name("DURATION");
  options->metrics.add_to(*command);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_serve(*options, context); };
  });
}

}  // namespace socbridge::socctl
