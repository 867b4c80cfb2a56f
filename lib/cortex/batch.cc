// SPDX-License-Identifier: Apache-2.0
#include "cortex/batch.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "base/time.h"
#include "hash/digest.h"
#include "http/multi_client.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kChunk = 64;  // tasks that are reserved and logged with one sync
constexpr int kMostFailures = 4;    // in a row, of requests that Cortex did not act on
constexpr std::int64_t kPauseMs = 200, kBackoffMs = 300;
constexpr std::int64_t kMinuteMs = 60000;

// How long to wait for a limit of that unit; -1: do not wait.
std::int64_t limit_pause_ms(std::string_view unit) {
  constexpr std::int64_t kSecond = 1000, kQuarterMinute = 15000;
  const std::int64_t window = rate_unit_ms(unit);
  if (window == rate_unit_ms("Second")) return kSecond;
  return window == rate_unit_ms("Minute") || window == 0 ? kQuarterMinute : -1;
}

class Submitter {
 public:
  Submitter(http::MultiClient multi, const BatchServer& server, const BatchPlan& plan,
            const BatchRecords& records, const BatchOptions& options)
      : server_(std::move(multi), server),
        plan_(plan),
        journal_(records.journal),
        ledger_(records.ledger),
        options_(options),
        states_(plan.tasks.size()),
        analyzers_(plan.analyzers.size()),
        began_(steady_now_ms()) {
    out_.total = plan.tasks.size();
    for (std::size_t i = 0; i < analyzers_.size(); ++i) {
      analyzers_[i].quota_key = Ledger::key(server_.endpoint.url, plan.analyzers[i]);
    }
  }

  BatchOutcome run() {
    sort_tasks();
    while (!finished()) {
      if (out_.stopped.ok() && options_.stop && options_.stop())
        halt(Status::error(ExitCode::interrupted, "interrupted"));
      if (out_.stopped.ok()) {
        settle();
        resume();
        fill();
      }
      if (queues_.running.empty() && !out_.stopped.ok()) break;
      for (auto& done : server_.many.wait(queues_.running.empty() ? kIdleMs : kPauseMs))
        finish(std::move(done));
      report();
    }
    close();
    return std::move(out_);
  }

 private:
  static constexpr std::int64_t kIdleMs = 20;

  // `many` for requests beside each other, `one` for the others.
  struct Connection {
    Connection(http::MultiClient many_at_once, const BatchServer& server)
        : many(std::move(many_at_once)),
          shared(http::MultiClient::share(server.http)),
          one(server.http),
          client(one, server.endpoint),
          endpoint(server.endpoint) {}
    http::MultiClient many;
    http::MultiClient::Options shared;
    http::Client one;
    Client client;
    const Endpoint& endpoint;
  };
  struct State {
    UnixMillis reserved_at = 0;  // 0: holds no reserved unit of quota
    int failures = 0;
    std::int64_t not_before = 0;  // steady clock
    std::string job;
  };
  struct AnalyzerState {
    std::string quota_key;
    std::int64_t pause_until = 0, resume_at = 0;  // steady clock
    int pauses = 0;                               // in a row
    bool exhausted = false;                       // no room, for this run
    bool refused_by_limit = false;                // Cortex itself refused because of it
  };
  // Each unfinished task is in one of these queues.
  struct Queues {
    std::deque<std::size_t> fresh;    // not reserved
    std::deque<std::size_t> waiting;  // for room in a short limit
    std::deque<std::size_t> ready;    // reserved and logged
    std::deque<std::size_t> doubts;   // Cortex may have the job
    std::unordered_map<http::MultiClient::Ticket, std::size_t> running;
    std::size_t size() const {
      return fresh.size() + waiting.size() + ready.size() + doubts.size() + running.size();
    }
  };

  const Limit& limit(std::size_t task) const { return plan_.limits[plan_.tasks[task].analyzer]; }
  std::string label(std::size_t task) const {
    return "socctl-" + journal_.batch() + "-" + plan_.tasks[task].key;
  }
  bool finished() const { return queues_.size() == 0; }
  // Whether the limit is so short that a batch waits for room.
  bool is_short(std::size_t analyzer) const {
    const Limit& limit = plan_.limits[analyzer];
    return limit.exists() && limit.window_ms <= kMinuteMs;
  }
  // Jobs of other clients leave the window too.
  std::int64_t used_elsewhere(std::size_t analyzer) const {
    const bool gone = steady_now_ms() - began_ >= plan_.limits[analyzer].window_ms;
    return gone ? 0 : plan_.used_elsewhere[analyzer];
  }
  void halt(Status why) {
    if (out_.stopped.ok()) out_.stopped = std::move(why);
  }

  void sort_tasks() {
    for (std::size_t i = 0; i < plan_.tasks.size(); ++i) {
      const Journal::Entry& known = journal_.at(plan_.tasks[i].key);
      switch (known.state) {
        case Journal::State::fresh: queues_.fresh.push_back(i); break;
        case Journal::State::tried:
          states_[i].reserved_at = known.tried_at;
          queues_.doubts.push_back(i);
          break;
        case Journal::State::started: earlier(i, known); break;
        case Journal::State::refused:
          ++out_.refused;
          if (options_.refused)
            options_.refused(plan_.tasks[i], Status::error(ExitCode::refused, known.reason));
          break;
      }
    }
  }

  void earlier(std::size_t task, const Journal::Entry& known) {
    ++out_.earlier;
    states_[task].job = known.job;
    Job job;
    job.id = known.job;
    job.from_cache = known.cached;
    report(task, job, true);
  }

  void report(std::size_t task, const Job& job, bool earlier) {
    if (!options_.started) return;
    Job whole = job;
    if (whole.analyzer.empty()) whole.analyzer = plan_.analyzers[plan_.tasks[task].analyzer].name;
    if (whole.type.empty()) whole.type = plan_.tasks[task].what.type;
    if (whole.value.empty()) whole.value = plan_.tasks[task].what.value;
    options_.started(plan_.tasks[task], whole, earlier);
  }

  void over_quota(std::size_t task) { ++out_.over_quota[plan_.tasks[task].analyzer]; }

  // Reserves and logs the next tasks. Tasks over the quota are dropped.
  void claim() {
    std::map<std::size_t, std::vector<std::size_t>> wanted;
    for (std::size_t n = 0; n < kChunk && !queues_.fresh.empty(); ++n) {
      wanted[plan_.tasks[queues_.fresh.front()].analyzer].push_back(queues_.fresh.front());
      queues_.fresh.pop_front();
    }
    std::vector<std::size_t> granted;
    for (auto& [analyzer, tasks] : wanted) {
      std::size_t room = 0;
      UnixMillis at = 0;
      if (!analyzers_[analyzer].exhausted) {
        const auto grant = ledger_.reserve(analyzers_[analyzer].quota_key, plan_.limits[analyzer],
                                           static_cast<std::int64_t>(tasks.size()),
                                           used_elsewhere(analyzer), wall_now_ms());
        if (!grant.ok()) {
          queues_.fresh.insert(queues_.fresh.end(), tasks.begin(), tasks.end());
          halt(grant.status());
          continue;
        }
        room = static_cast<std::size_t>(grant->count);
        at = grant->at;
      }
      for (std::size_t i = 0; i < std::min(room, tasks.size()); ++i) {
        if (plan_.limits[analyzer].exists()) states_[tasks[i]].reserved_at = at;
        granted.push_back(tasks[i]);
      }
      if (room < tasks.size())
        no_room(analyzer, {tasks.begin() + static_cast<std::ptrdiff_t>(room), tasks.end()});
    }
    note(granted);
  }

  // Handles tasks that are over the quota now.
  void no_room(std::size_t analyzer, const std::vector<std::size_t>& tasks) {
    if (!is_short(analyzer) || analyzers_[analyzer].refused_by_limit) {
      analyzers_[analyzer].exhausted = true;
      for (const std::size_t task : tasks) over_quota(task);
      return;
    }
    const Limit& limit = plan_.limits[analyzer];
    const UnixMillis now = wall_now_ms();
    const auto usage = ledger_.usage(analyzers_[analyzer].quota_key, limit, now);
    const UnixMillis free =
        usage.ok() && usage->next_free > now ? usage->next_free : now + limit.window_ms;
    if (analyzers_[analyzer].resume_at == 0 && options_.waits)
      options_.waits(plan_.analyzers[analyzer], limit);
    analyzers_[analyzer].resume_at = steady_now_ms() + std::min(free - now, limit.window_ms) + 1;
    queues_.waiting.insert(queues_.waiting.end(), tasks.begin(), tasks.end());
  }

  // Retries tasks whose analyzer may have room again.
  void resume() {
    const std::int64_t now = steady_now_ms();
    std::deque<std::size_t> still;
    for (const std::size_t task : queues_.waiting) {
      const bool due = analyzers_[plan_.tasks[task].analyzer].resume_at <= now;
      (due ? queues_.fresh : still).push_back(task);
    }
    queues_.waiting = std::move(still);
  }

  void note(const std::vector<std::size_t>& tasks) {
    if (tasks.empty()) return;
    std::vector<std::string> keys;
    for (const std::size_t task : tasks) keys.push_back(plan_.tasks[task].key);
    const Status noted = journal_.tried(keys, wall_now_ms());
    if (!noted.ok()) halt(noted);
    queues_.ready.insert(queues_.ready.end(), tasks.begin(), tasks.end());
  }

  void fill() {
    while (out_.stopped.ok() && queues_.ready.empty() && !queues_.fresh.empty()) claim();
    const std::int64_t now = steady_now_ms();
    for (std::size_t looked = queues_.ready.size();
         looked > 0 && out_.stopped.ok() && queues_.running.size() < options_.parallel; --looked) {
      const std::size_t task = queues_.ready.front();
      queues_.ready.pop_front();
      const std::size_t analyzer = plan_.tasks[task].analyzer;
      if (analyzers_[analyzer].refused_by_limit) {
        release(task);
        over_quota(task);
      } else if (std::max(states_[task].not_before, analyzers_[analyzer].pause_until) > now) {
        queues_.ready.push_back(task);
      } else {
        send(task);
      }
    }
  }

  void send(std::size_t task) {
    const Task& one = plan_.tasks[task];
    Question question{one.what.type, one.what.value, plan_.tlp, plan_.pap};
    question.message = plan_.message;
    question.label = label(task);
    question.force = plan_.force;
    const std::int64_t ms = one.what.type == "file" ? options_.file_ms : options_.request_ms;
    const auto ticket = server_.many.start(
        run_request(server_.endpoint, plan_.analyzers[one.analyzer].id, question, ms),
        server_.shared);
    queues_.running.emplace(ticket, task);
  }

  // The job was certainly not submitted.
  void release(std::size_t task) {
    journal_.freed(plan_.tasks[task].key);
    give_back(task);
  }

  void give_back(std::size_t task) {
    const UnixMillis at = states_[task].reserved_at;
    if (at != 0) ++returns_[{plan_.tasks[task].analyzer, at}];
    states_[task].reserved_at = 0;
  }

  void accept(std::size_t task, const Job& job) {
    analyzers_[plan_.tasks[task].analyzer].pauses = 0;
    states_[task].job = job.id;
    journal_.started(plan_.tasks[task].key, job.id, job.from_cache);
    if (job.from_cache) {
      give_back(task);
      ++out_.cached;
    } else {
      ++out_.submitted;
    }
    report(task, job, false);
  }

  void finish(http::MultiClient::Done done) {
    const auto at = queues_.running.find(done.ticket);
    if (at == queues_.running.end()) return;
    const std::size_t task = at->second;
    queues_.running.erase(at);
    const Started started = read_started(server_.endpoint, std::move(done.outcome));
    using Verdict = Started::Verdict;
    if (started.verdict != Verdict::retry) failures_ = 0;
    switch (started.verdict) {
      case Verdict::started: accept(task, started.job); break;
      case Verdict::rate_limit: limited(task, started); break;
      case Verdict::auth:
        release(task);
        ++out_.left;
        halt(started.status);
        break;
      case Verdict::refused:
        give_back(task);
        journal_.refused(plan_.tasks[task].key, started.status.message());
        ++out_.refused;
        if (options_.refused) options_.refused(plan_.tasks[task], started.status);
        break;
      case Verdict::retry: again(task, started); break;
    }
  }

  void limited(std::size_t task, const Started& started) {
    const std::size_t analyzer = plan_.tasks[task].analyzer;
    const std::int64_t pause = limit_pause_ms(started.rate_unit);
    // Consecutive pauses without a job: other clients use up the quota.
    constexpr int kMostPauses = 20;
    const bool just_paused = analyzers_[analyzer].pause_until > steady_now_ms();
    if (!just_paused) ++analyzers_[analyzer].pauses;
    if (pause < 0 || analyzers_[analyzer].pauses > kMostPauses) {
      analyzers_[analyzer].refused_by_limit = true;
      analyzers_[analyzer].exhausted = true;
      release(task);
      over_quota(task);
      return;
    }
    analyzers_[analyzer].pause_until = steady_now_ms() + pause;
    queues_.ready.push_back(task);
  }

  void again(std::size_t task, const Started& started) {
    ++failures_;
    const int tries = ++states_[task].failures;
    if (started.ambiguous) {
      states_[task].not_before = steady_now_ms() + options_.settle_ms;
      queues_.doubts.push_back(task);
    } else {
      states_[task].not_before = steady_now_ms() + kBackoffMs * tries * tries;
      queues_.ready.push_back(task);
    }
    // Requests that are in flight together fail together: they count as one failure.
    const int most = kMostFailures * static_cast<int>(options_.parallel);
    if (failures_ >= most || tries >= kMostFailures) halt(started.status);
  }

  // Searches jobs by label once the time is over in which a request may still be acted on.
  void settle() {
    const std::int64_t now = steady_now_ms();
    const UnixMillis wall = wall_now_ms();
    std::vector<std::size_t> due;
    std::deque<std::size_t> later;
    for (const std::size_t task : queues_.doubts) {
      State& state = states_[task];
      if (state.not_before == 0) {  // of another run: its time is used
        const UnixMillis tried = journal_.at(plan_.tasks[task].key).tried_at;
        const std::int64_t wait =
            std::clamp<std::int64_t>(tried + options_.settle_ms - wall, 0, options_.settle_ms);
        state.not_before = std::max<std::int64_t>(1, now + wait);
      }
      if (state.not_before <= now && due.size() < kChunk) {
        due.push_back(task);
      } else {
        later.push_back(task);
      }
    }
    if (due.empty()) return;
    std::vector<std::string> labels;
    for (const std::size_t task : due) labels.push_back(label(task));
    const auto page = server_.client.search(query_by_labels(labels), labels.size() * 2,
                                            Deadline::after_ms(options_.request_ms));
    if (!page.ok()) return halt(page.status());
    queues_.doubts = std::move(later);
    std::unordered_map<std::string, const Job*> found;
    for (const Job& job : page->jobs) found.emplace(job.label, &job);
    std::vector<std::size_t> again;
    for (const std::size_t task : due) {
      const auto job = found.find(label(task));
      if (job != found.end()) {
        accept(task, *job->second);
        continue;
      }
      states_[task].not_before = 0;
      const Limit& most = limit(task);
      // A reserved unit that has left the window no longer counts.
      if (most.exists() && states_[task].reserved_at <= wall - most.window_ms) {
        journal_.freed(plan_.tasks[task].key);
        states_[task].reserved_at = 0;
        queues_.fresh.push_back(task);
      } else {
        again.push_back(task);
      }
    }
    note(again);
  }

  void report() {
    if (!options_.progress) return;
    options_.progress(out_.total - queues_.size(), out_.total);
  }

  void close() {
    out_.left += queues_.fresh.size() + queues_.waiting.size() + queues_.ready.size();
    out_.in_doubt = queues_.doubts.size();
    for (const std::size_t task : queues_.ready) release(task);
    for (const auto& [which, count] : returns_) {
      const Status back = ledger_.give_back(analyzers_[which.first].quota_key, which.second, count);
      if (!back.ok()) halt(back);
    }
    if (const Status kept = journal_.sync(); !kept.ok()) halt(kept);
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (!states_[i].job.empty()) out_.jobs.emplace_back(i, states_[i].job);
    }
  }

  Connection server_;
  const BatchPlan& plan_;
  Journal& journal_;
  Ledger& ledger_;
  const BatchOptions& options_;
  std::vector<State> states_;
  std::vector<AnalyzerState> analyzers_;
  std::int64_t began_;  // steady clock
  std::map<std::pair<std::size_t, UnixMillis>, std::int64_t> returns_;
  Queues queues_;
  BatchOutcome out_;
  int failures_ = 0;  // in a row
};

// By what the analyzers are known from run to run: without the version, which an update changes,
// unless the batch has several versions of one.
std::vector<std::string> lasting_names(const std::vector<Analyzer>& analyzers) {
  std::map<std::string_view, int> versions;
  for (const Analyzer& one : analyzers) ++versions[one.base()];
  std::vector<std::string> out;
  for (const Analyzer& one : analyzers)
    out.emplace_back(versions[one.base()] > 1 ? std::string_view(one.name) : one.base());
  return out;
}

}  // namespace

std::vector<Task> make_tasks(const std::vector<observable::Observable>& observables,
                             const BatchPlan& plan, std::vector<observable::Observable>* untaken) {
  constexpr std::size_t kDigits = 20;
  const std::vector<std::string> names = lasting_names(plan.analyzers);
  std::vector<Task> out;
  for (const observable::Observable& what : observables) {
    bool taken = false;
    for (std::size_t i = 0; i < plan.analyzers.size(); ++i) {
      if (!plan.analyzers[i].takes(what.type, what.value)) continue;
      taken = true;
      const std::string name = names[i] + "\n" + what.type + "\n" + what.value + "\n" +
                               std::to_string(plan.tlp) + "\n" + std::to_string(plan.pap);
      out.push_back({sha256_hex(name).substr(0, kDigits), what, i});
    }
    if (!taken && untaken != nullptr) untaken->push_back(what);
  }
  return out;
}

BatchOutcome submit(const BatchServer& server, const BatchPlan& plan, const BatchRecords& records,
                    const BatchOptions& options) {
  auto multi = http::MultiClient::make(options.parallel);
  if (!multi.ok()) {
    BatchOutcome out;
    out.stopped = multi.status();
    return out;
  }
  return Submitter(std::move(*multi), server, plan, records, options).run();
}

}  // namespace socbridge::cortex
