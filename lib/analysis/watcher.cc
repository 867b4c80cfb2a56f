// SPDX-License-Identifier: Apache-2.0
#include "analysis/watcher.h"

#include <algorithm>

#include "thehive/json_fields.h"
#include "thehive/query.h"

namespace socbridge::analysis {
namespace {

// TheHive's lists come from an index that shows new objects late (docs/protocols/thehive.md,
// "Delivery outcomes"), and the clocks of its nodes differ. So each list begins this long before
// the cursor.
constexpr std::int64_t kOverlapMs = 120000;
constexpr std::uint64_t kPage = 200, kLongestPage = 10000;
constexpr std::int64_t kTimeoutMs = 60000;  // for one observable

Result<std::optional<Owner>> owner_of(thehive::Client& client, const std::string& id,
                                      const Deadline& deadline) {
  for (const bool is_alert : {true, false}) {
    const thehive::Query query =
        thehive::Query(thehive::Subject::observable(id)).to(is_alert ? "alert" : "case").page(0, 1);
    const auto answer = client.query("socctl-owner", query.text(), deadline);
    if (!answer.ok()) return answer.status();
    const json::Value one = answer->root().at(0);
    if (one.missing()) continue;
    Owner out;
    if (is_alert) {
      const thehive::AlertInfo alert = thehive::read_alert(one);
      out = {thehive::Subject::alert(alert.id), alert.severity, alert.tags, alert.source,
             "alert " + alert.id};
    } else {
      const thehive::CaseInfo case_info = thehive::read_case(one);
      out = {thehive::Subject::of_case(case_info.id), case_info.severity, case_info.tags, "",
             "case " + std::to_string(case_info.number)};
    }
    return std::optional<Owner>(std::move(out));
  }
  return std::optional<Owner>();
}

}  // namespace

class Watcher::Pass {
 public:
  Pass(Watcher& watcher, StateFile& file, const std::vector<Analyzer>& analyzers,
       const std::function<void(const Event&)>& on_event, const std::function<bool()>& stop)
      : f_(watcher),
        file_(file),
        analyzers_(analyzers),
        on_event_(on_event),
        stop_(stop),
        state_(file.state()) {}

  Result<PassReport> run() {
    begin();
    Status status = retry_pending();
    if (status.ok()) status = go_on();
    if (!f_.options_.dry_run) {
      if (const Status saved = file_.save(); !saved.ok()) return saved;
    }
    if (!status.ok()) return status;
    for (const auto& [id, at] : state_.pending) {
      if (report_.retry_at_ms == 0 || at < report_.retry_at_ms) report_.retry_at_ms = at;
    }
    return report_;
  }

 private:
  void begin() {
    if (f_.options_.restart || state_.cursor_ms == 0) {
      state_.cursor_ms = f_.options_.since_ms;
      if (f_.options_.restart) state_.recent.clear();
      f_.options_.restart = false;
      from_ms_ = state_.cursor_ms;
    } else {
      from_ms_ = state_.cursor_ms - kOverlapMs;
    }
  }

  Status retry_pending() {
    const UnixMillis now = wall_now_ms();
    std::vector<std::string> due;
    for (const auto& [id, at] : state_.pending) {
      if (at <= now) due.push_back(id);
    }
    for (const std::string& id : due) {
      if (stop_()) return {};
      const Deadline deadline = Deadline::after_ms(kTimeoutMs);
      const auto observable = thehive::get_observable(f_.client_, id, deadline);
      if (!observable.ok() && observable.status().code() != ExitCode::refused) {
        return observable.status();
      }
      state_.pending.erase(id);
      if (!observable.ok()) continue;  // it was deleted
      if (const Status done = handle(*observable); !done.ok()) {
        state_.pending[id] = now;
        return done;
      }
    }
    return {};
  }

  // Each page begins where the previous one ended, so that a deletion in between hides nothing.
  Status go_on() {
    std::uint64_t page_size = kPage;
    while (!stop_()) {
      std::vector<thehive::ObservableInfo> page;
      const Status listed = thehive::for_each(
          f_.client_,
          {"socctl-new-observables",
           thehive::Query("listObservable")
               .where(thehive::filter::at_least("_createdAt", from_ms_))
               .sort("_createdAt", thehive::Order::ascending),
           page_size, page_size},
          [&](json::Value value) {
            page.push_back(thehive::read_observable(value));
            return true;
          },
          Deadline::after_ms(kTimeoutMs));
      if (!listed.ok()) return listed;
      bool any_new = false;
      for (const thehive::ObservableInfo& one : page) {
        if (stop_()) return {};
        if (state_.recent.count(one.id) != 0) continue;
        any_new = true;
        if (const Status done = handle(one); !done.ok()) return done;
        state_.recent[one.id] = one.created_ms;
        state_.cursor_ms = std::max(state_.cursor_ms, one.created_ms);
      }
      if (page.size() < page_size) return {};
      if (any_new || page_size >= kLongestPage) {
        // A full page of one millisecond is more than any client creates.
        const UnixMillis next = page.back().created_ms;
        from_ms_ = any_new ? next : next + 1;
      } else {
        page_size *= 2;
      }
      if (const Status kept = keep(); !kept.ok()) return kept;
    }
    return {};
  }

  Status keep() {
    std::erase_if(state_.recent,
                  [&](const auto& entry) { return entry.second < state_.cursor_ms - kOverlapMs; });
    return f_.options_.dry_run ? Status() : file_.save();
  }

  Status handle(const thehive::ObservableInfo& observable) {
    const Deadline deadline = Deadline::after_ms(kTimeoutMs);
    std::optional<Owner> owner;
    if (f_.options_.cases_only || needs_owner(f_.settings_, observable)) {
      auto found = owner_of(f_.client_, observable.id, deadline);
      if (!found.ok()) return found.status();
      owner = std::move(*found);
      if (!owner) return {};  // deleted meanwhile
    }
    const Decision decision = decide(f_.settings_, analyzers_, f_.options_.five_levels, observable,
                                     owner ? &*owner : nullptr);
    ++report_.observables;
    Event event{observable, owner ? owner->name : "", decision.rule, std::nullopt, decision.why};
    const bool alert = owner && owner->subject.kind == thehive::Subject::Kind::alert;
    if (f_.options_.cases_only && alert && !decision.analyzers.empty()) {
      event.why = "this TheHive analyses observables of cases only";
    }
    if (decision.analyzers.empty() || !event.why.empty()) {
      ++report_.skipped;
      if (!event.why.empty()) on_event_(event);
      return {};
    }
    SubmitOptions options;
    options.retry_failed = false;  // once each, whatever the result
    options.dry_run = f_.options_.dry_run;
    options.repeat_after_ms = f_.settings_.repeat_after_ms;
    auto submitted = f_.submitter_.submit(observable, decision.analyzers, options, deadline);
    for (Submission& one : submitted.list) {
      if (const Status noted = note(observable, one); !noted.ok()) return noted;
      event.submission = std::move(one);
      on_event_(event);
    }
    return submitted.stopped;
  }

  Status note(const thehive::ObservableInfo& observable, const Submission& one) {
    switch (one.verdict) {
      case Verdict::started: ++report_.started; break;
      case Verdict::present: ++report_.present; break;
      case Verdict::barred: ++report_.skipped; break;
      case Verdict::failed: ++report_.failed; break;
      case Verdict::postponed: {
        ++report_.postponed;
        if (state_.pending.size() >= State::kMostPending) {
          return Status::error(ExitCode::failure,
                               "more observables wait for a quota than can be stored",
                               "narrow the rules or raise the quota");
        }
        const auto [at, is_new] = state_.pending.emplace(observable.id, one.retry_at_ms);
        if (!is_new) at->second = std::min(at->second, one.retry_at_ms);
        break;
      }
    }
    return {};
  }

  Watcher& f_;
  StateFile& file_;
  const std::vector<Analyzer>& analyzers_;
  const std::function<void(const Event&)>& on_event_;
  const std::function<bool()>& stop_;
  State& state_;
  UnixMillis from_ms_ = 0;
  PassReport report_;
};

Result<PassReport> Watcher::pass(StateFile& file, const std::vector<Analyzer>& analyzers,
                                 const std::function<void(const Event&)>& on_event,
                                 const std::function<bool()>& stop) {
  return Pass(*this, file, analyzers, on_event, stop).run();
}

}  // namespace socbridge::analysis
