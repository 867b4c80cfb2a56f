// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "base/time.h"
#include "metrics/write_metrics.h"
#include "service/change_signal.h"
#include "service/http_listener.h"
#include "service/service_manager.h"
#include "service/signal_queue.h"
#include "socctl/metrics/options.h"

namespace socbridge::socctl {
namespace {

struct Options {
  MetricsOptions metrics;
  std::string listen = "127.0.0.1:9469", interval = "1m";
};

// The last numbers. Thread safe.
class Board {
 public:
  void put(metrics::Snapshot snapshot) {
    const std::lock_guard lock(mutex_);
    text_ = metrics::write_metrics(snapshot, Exposition::Style::prometheus);
    open_ = metrics::write_metrics(snapshot, Exposition::Style::openmetrics);
    put_ms_ = steady_now_ms();
  }
  // Empty before the first put().
  std::string text(Exposition::Style style) const {
    const std::lock_guard lock(mutex_);
    return style == Exposition::Style::openmetrics ? open_ : text_;
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

HttpAnswer plain(int status, std::string body) {
  return {status, "text/plain; charset=utf-8", std::move(body)};
}

HttpAnswer answer_metrics(const HttpRequest& request, const Board& board) {
  constexpr const char* kOpen = "application/openmetrics-text";
  const int open = accept_quality(request.accept, kOpen, "1.0.0");
  const bool wanted = open > 0 && open >= accept_quality(request.accept, "text/plain", "0.0.4");
  std::string body =
      board.text(wanted ? Exposition::Style::openmetrics : Exposition::Style::prometheus);
  if (body.empty()) return plain(503, "the products have not been asked yet\n");
  return {200,
          wanted ? std::string(kOpen) + "; version=1.0.0; charset=utf-8"
                 : "text/plain; version=0.0.4; charset=utf-8",
          std::move(body)};
}

HttpAnswer answer(const HttpRequest& request, const Board& board, std::int64_t stale_ms) {
  if (request.path == "/metrics") return answer_metrics(request, board);
  if (request.path == "/healthz") return plain(200, "ok\n");
  if (request.path == "/readyz") {
    return board.is_fresh(stale_ms) ? plain(200, "ready\n")
                                    : plain(503, "no numbers, or they are old\n");
  }
  return plain(404, "there are /metrics, /healthz and /readyz\n");
}

// Asks the products in a thread of its own, until it is stopped.
class Collector {
 public:
  Collector(const MetricsSources& found, std::int64_t interval_ms, Board& board)
      : thread_([this, &found, interval_ms, &board] { run(found, interval_ms, board); }) {}
  // False: a request is still under way, and the thread is left behind.
  bool stop() {
    constexpr std::int64_t kGraceMs = 1000;
    stopping_ = true;
    changed_.notify();
    if (!changed_.wait(kGraceMs, [this] { return over_.load(); })) return false;
    thread_.join();
    return true;
  }

 private:
  void run(const MetricsSources& found, std::int64_t interval_ms, Board& board) {
    std::string last;
    while (!stopping_) {
      metrics::Snapshot snapshot = metrics::collect(found.sources, found.timeout_ms);
      if (stopping_) break;
      std::string failures;
      for (const metrics::Scrape& one : snapshot.scrapes) {
        failures += one.product + " " + std::to_string(static_cast<int>(one.status.code())) + "\n";
      }
      if (failures != last) warn_of_failures(snapshot);  // once, not each minute
      last = failures;
      board.put(std::move(snapshot));
      changed_.wait(interval_ms, [this] { return stopping_.load(); });
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
  auto listener = HttpListener::open(options.listen);
  if (!listener.ok()) return fail(listener.status());
  const auto found = find_metrics_sources(context.env, options.metrics);
  if (!found.ok()) return fail(found.status());
  std::signal(SIGPIPE, SIG_IGN);  // a server that closes while TLS writes
  SignalQueue signals({SIGTERM, SIGINT});
  ServiceManager manager = ServiceManager::of_process();
  Board board;
  constexpr int kProducts = 3, kMissed = 3;
  const std::int64_t stale_ms = kMissed * (*interval + kProducts * (*found)->timeout_ms);
  const std::string where = "http://" + listener->address() + "/metrics";
  write_err("socctl: listening at " + where + "\n");
  Collector collector(**found, *interval, board);
  manager.ready("metrics at " + where);
  const Status served = listener->serve(
      signals.fd(), [&](const HttpRequest& request) { return answer(request, board, stale_ms); });
  manager.stopping("stopping");
  const ExitCode code = served.ok() ? ExitCode::ok : fail(served);
  if (!collector.stop()) {
    std::fflush(nullptr);
    std::_Exit(static_cast<int>(code));
  }
  return code;
}

}  // namespace

void add_metrics_serve(Command& metrics, Chosen& chosen) {
  Command* command = metrics.add_subcommand(
      "serve", "Serve /metrics, /healthz and /readyz over HTTP until stopped");
  auto options = std::make_shared<Options>();
  command
      ->add_option("--listen", options->listen,
                   "Address and port (default 127.0.0.1:9469); :9469 is every address of IPv4")
      ->type_name("ADDRESS");
  command
      ->add_option(
          "--interval", options->interval,
          "Pause before the products are asked again (default 1m); requests in between get "
          "the last numbers")
      ->type_name("DURATION");
  options->metrics.add_to(*command);
  command->callback([&chosen, options] {
    chosen.handler = [options](Context& context) { return run_serve(*options, context); };
  });
}

}  // namespace socbridge::socctl
