// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <deque>
#include <map>

#include "base/time.h"
#include "cortex/batch.h"
#include "http/multi_client.h"

namespace socbridge::cortex {
namespace {

// An unfinished job goes to the end of the queue, so that slow jobs do not block others.
constexpr std::int64_t kTurnMs = 5000, kPauseMs = 500;
constexpr int kMostFailures = 5;

struct Turn {
  std::size_t index;
  std::int64_t not_before = 0;
};

class Collector {
 public:
  Collector(http::MultiClient multi, const http::ClientOptions& http, const Endpoint& endpoint,
            const std::vector<std::string>& ids, const CollectOptions& options)
      : multi_(std::move(multi)),
        shared_(http::MultiClient::share(http)),
        endpoint_(endpoint),
        ids_(ids),
        options_(options),
        deadline_(Deadline::after_ms(options.wait_limit_ms)),
        last_(ids.size()) {
    for (std::size_t i = 0; i < ids.size(); ++i) queue_.push_back({i});
  }

  Result<std::size_t> run() {
    while (!queue_.empty() || !running_.empty()) {
      if (options_.stop && options_.stop())
        return Status::error(ExitCode::interrupted, "interrupted while waiting for reports");
      if (!deadline_.passed()) fill();
      if (running_.empty() && deadline_.passed()) break;
      for (auto& done : multi_.wait(kPauseMs)) finish(std::move(done));
      if (!stopped_.ok()) return stopped_;
    }
    std::size_t unfinished = 0;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      if (over_.contains(i)) continue;
      ++unfinished;
      if (last_[i].id.empty()) last_[i].id = ids_[i];
      options_.result(i, last_[i]);
    }
    return unfinished;
  }

 private:
  void fill() {
    const std::int64_t now = steady_now_ms();
    for (std::size_t looked = 0; looked < queue_.size() && running_.size() < options_.parallel;) {
      const Turn turn = queue_.front();
      queue_.pop_front();
      if (turn.not_before > now) {
        queue_.push_back(turn);
        ++looked;
        continue;
      }
      const bool crowd = queue_.size() + running_.size() >= options_.parallel;
      constexpr std::int64_t kLongMs = 30000;
      const std::int64_t most = std::min(crowd ? kTurnMs : kLongMs, deadline_.left_ms());
      const auto ticket = multi_.start(wait_request(endpoint_, ids_[turn.index], most), shared_);
      running_.emplace(ticket, Running{turn.index, now, most});
    }
  }

  void finish(http::MultiClient::Done done) {
    const auto at = running_.find(done.ticket);
    if (at == running_.end()) return;
    const Running was = at->second;
    running_.erase(at);
    auto job = read_waited(endpoint_, std::move(done.outcome), ids_[was.index]);
    const std::int64_t now = steady_now_ms();
    if (!job.ok()) {
      const ExitCode code = job.status().code();
      if (code == ExitCode::unreachable && ++failures_ < kMostFailures) {
        queue_.push_back({was.index, now + kPauseMs * failures_ * 2});
      } else if (code == ExitCode::unreachable || code == ExitCode::auth) {
        stopped_ = job.status();
      } else {
        over_.emplace(was.index, true);
        options_.lost(was.index, job.status());
        report();
      }
      return;
    }
    failures_ = 0;
    if (is_over(job->status)) {
      over_.emplace(was.index, true);
      options_.result(was.index, *job);
      report();
      return;
    }
    last_[was.index] = std::move(*job);
    // Prevents a busy loop if the server answers at once although no job is finished.
    const bool hasty = now - was.began < std::min(was.most, kPauseMs);
    queue_.push_back({was.index, hasty ? now + kPauseMs : 0});
  }

  void report() {
    if (options_.progress) options_.progress(over_.size(), ids_.size());
  }

  struct Running {
    std::size_t index;
    std::int64_t began, most;
  };

  http::MultiClient multi_;
  http::MultiClient::Options shared_;
  const Endpoint& endpoint_;
  const std::vector<std::string>& ids_;
  const CollectOptions& options_;
  Deadline deadline_;
  std::deque<Turn> queue_;
  std::map<http::MultiClient::Ticket, Running> running_;
  std::map<std::size_t, bool> over_;
  std::vector<Job> last_;
  Status stopped_;
  int failures_ = 0;
};

}  // namespace

Result<std::size_t> collect(const http::ClientOptions& http, const Endpoint& endpoint,
                            const std::vector<std::string>& ids, const CollectOptions& options) {
  auto multi = http::MultiClient::make(options.parallel);
  if (!multi.ok()) return multi.status();
  return Collector(std::move(*multi), http, endpoint, ids, options).run();
}

}  // namespace socbridge::cortex
