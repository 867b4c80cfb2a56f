// SPDX-License-Identifier: Apache-2.0
#include "reconcile/reconcile.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/time.h"
#include "grouping/bucket_counter.h"
#include "grouping/group.h"
#include "grouping/rate_cap.h"
#include "mapping/mapping.h"
#include "wazuh/alert.h"
#include "wazuh/search_answer.h"

namespace socbridge::reconcile {
namespace {

constexpr std::size_t kMaxBatchBytes = std::size_t{16} << 20;
constexpr std::uint64_t kProgressEvery = 256;
constexpr std::int64_t kSaveEveryMs = 1000;
// TheHive's index shows an alert about a second after its creation. After this time the index is
// not the reason for a missing alert.
constexpr UnixMillis kYoungMs = 300000;

Status interrupted() {
  return Status::error(ExitCode::interrupted, "interrupted", "run it again to go on");
}

Finding finding_of(const wazuh::Alert& alert, std::string source_ref, std::string place) {
  Finding finding;
  finding.source_ref = std::move(source_ref);
  finding.rule_id = alert.rule_id;
  finding.agent = alert.agent_name.empty() ? alert.agentless_host : alert.agent_name;
  finding.place = std::move(place);
  finding.time_ms = alert.time_ms.value_or(0);
  finding.level = alert.level;
  return finding;
}

struct Item {
  std::string raw;
  const Route* route = nullptr;
  std::string position;  // before the alert
  std::string expected;  // reference under which TheHive has it: its own or its group's
  std::string summary;   // or the summary that counts it; "" without a rate cap
  bool grouped() const { return expected != finding.source_ref; }
  Finding finding;
};

class Run {
 public:
  Run(Env& env, AlertSource& source, const Scope& scope, const Plan& plan, const Hooks& hooks)
      : env_(env),
        source_(source),
        routes_(scope.routes),
        destination_(*scope.routes.front().destination),
        queued_(scope.queued),
        plan_(plan),
        hooks_(hooks),
        ask_(std::any_of(routes_.begin(), routes_.end(),
                         [](const Route& one) { return mapping::may_promote(one.mapping); })
                 ? Ask::cases
                 : Ask::alerts) {}

  Report go() {
    read_all();
    if (report_.stopped.ok()) settle();
    save(true);
    report_.unread = source_.unread();
    report_.reading = source_.reading();
    return std::move(report_);
  }

 private:
  void read_all() {
    SourceAlert read;
    for (std::uint64_t n = 0; report_.stopped.ok(); ++n) {
      if (hooks_.stop && hooks_.stop()) {
        stop(interrupted(), 0);
        return;
      }
      const auto more = source_.next(read);
      if (!more.ok()) {
        stop(more.status(), 0);
        return;
      }
      if (!*more) return;
      take(read);
      if (hooks_.on_progress && n % kProgressEvery == 0) {
        hooks_.on_progress(report_.counts, source_.reading());
      }
    }
  }

  void take(const SourceAlert& read) {
    Counts& counts = report_.counts;
    const auto alert = wazuh::Alert::parse(read.raw);
    const std::string why =
        alert.ok() ? wazuh::why_no_alert(alert->root()) : alert.status().message();
    if (!why.empty()) {
      ++counts.not_alerts;
      Finding finding;
      finding.kind = FindingKind::not_alert;
      finding.place = read.place;
      finding.message = why;
      report(finding);
      return;
    }
    // An alert without a time is never left out.
    if (alert->time_ms && !plan_.window.holds(*alert->time_ms)) {
      ++counts.outside;
      const bool later = plan_.window.until && *alert->time_ms >= *plan_.window.until;
      if (later && !cursor_.barrier) {  // the next run must read it
        cursor_.barrier = source_.position_before();
        cursor_.barrier_index = batch_.items.size();
      }
      return;
    }
    ++counts.alerts_read;
    cursor_.latest = std::max(cursor_.latest, alert->time_ms.value_or(0));
    const Choice choice = choose(routes_, *alert);
    if (choice.route == nullptr) {
      ++counts.not_forwarded;
      if (choice.by_block) ++counts.by_block;
      if (choice.elsewhere) ++counts.elsewhere;
      return;
    }
    const mapping::Options& options = choice.route->mapping;
    Item item;
    item.route = choice.route;
    item.raw = std::string(read.raw);
    item.position = source_.position_before();
    item.finding = finding_of(*alert, wazuh::source_ref(*alert, options.manager_alias), read.place);
    const std::string group = grouping::group_ref(options, *alert);
    item.expected = group.empty() ? item.finding.source_ref : group;
    item.summary = grouping::summary_ref(options, *alert);
    batch_.bytes += item.raw.size();
    batch_.items.push_back(std::move(item));
    if (batch_.items.size() >= plan_.batch || batch_.bytes >= kMaxBatchBytes) settle();
  }

  void settle() {
    std::set<std::string> wanted;
    for (const Item& item : batch_.items) {
      wanted.insert(item.expected);
      if (!item.summary.empty()) wanted.insert(item.summary);
    }
    const std::vector<std::string> ask(wanted.begin(), wanted.end());
    Present there;
    if (!ask.empty()) {
      auto present = destination_.present(ask, ask_);
      if (!present.ok()) {
        stop(present.status(), 0);
        return;
      }
      there = std::move(*present);
    }
    for (std::size_t i = 0; i < batch_.items.size(); ++i) {
      if (report_.stopped.ok() && hooks_.stop && hooks_.stop()) stop(interrupted(), i);
      one(batch_.items[i], there, i);
      if (hooks_.on_progress) hooks_.on_progress(report_.counts, source_.reading());
    }
    batch_.items.clear();
    batch_.bytes = 0;
    if (!report_.stopped.ok()) return;
    cursor_.barrier_index = 0;
    cursor_.settled = cursor_.barrier ? *cursor_.barrier : source_.position_after();
    save(false);
  }

  void one(Item& item, const Present& there, std::size_t index) {
    Counts& counts = report_.counts;
    Finding& finding = item.finding;
    const auto found = there.find(item.expected);
    if (found != there.end() && (!item.grouped() || is_member(item))) {
      ++counts.present;
      if (lacks_case(item, found->second)) give_case(item, found->second, index);
    } else if (const auto state = queued_.state_of(finding.source_ref)) {
      if (*state == spool::State::queue) {
        ++counts.queued;
        return;
      }
      const bool held = *state == spool::State::hold;
      ++(held ? counts.held : counts.dead);
      finding.kind = held ? FindingKind::held : FindingKind::dead;
      finding.message = std::string("kept in ") + spool::state_name(*state) + "/ of the spool";
      report(finding);
    } else if (!item.summary.empty() &&
               (there.contains(item.summary) || queued_.state_of(item.summary))) {
      ++counts.capped;
    } else if (plan_.dry_run) {
      look_again(item, index);
    } else if (!report_.stopped.ok()) {
      not_sent(finding, {});
    } else {
      send(item, index);
    }
  }

  // It was created for promotion, but its sender stopped before that.
  bool lacks_case(const Item& item, const Presence& there) const {
    if (!there.untouched || there.case_tags.empty()) return false;
    // Its entry makes the case, or a person holds it; an entry in dead/ was given up.
    const auto state = queued_.state_of(item.finding.source_ref);
    if (state && *state != spool::State::dead) return false;
    const auto alert = wazuh::Alert::parse(item.raw);
    if (!alert.ok()) return false;
    const auto wanted = mapping::to_thehive(*alert, item.route->mapping, wall_now_ms()).promotion;
    const auto& tags = there.case_tags;
    return wanted && std::find(tags.begin(), tags.end(), wanted->tag()) != tags.end();
  }

  static bool lacks_case(const delivery::Outcome& outcome) {
    using Promotion = delivery::Outcome::Promotion;
    return outcome.promotion == Promotion::open || outcome.promotion == Promotion::refused;
  }

  void give_case(Item& item, const Presence& there, std::size_t index) {
    if (there.created_ms > wall_now_ms() - plan_.case_age_ms) {
      hold_cursor(item, index);
      without_case(item.finding, "is in TheHive, but not yet in its case");
      return;
    }
    const auto alert = wazuh::Alert::parse(item.raw);
    if (plan_.dry_run || !report_.stopped.ok() || !alert.ok()) {
      without_case(item.finding, "is in TheHive, but not in its case");
    } else {
      case_settled(item, item.route->destination->send(*alert), index);
    }
  }

  void without_case(Finding& finding, std::string message) {
    ++report_.counts.without_case;
    finding.kind = FindingKind::without_case;
    finding.message = std::move(message);
    report(finding);
  }

  void case_settled(Item& item, const delivery::Outcome& outcome, std::size_t index) {
    Finding& finding = item.finding;
    finding.alert_id = outcome.alert_id;
    finding.http_status = outcome.http_status;
    if (outcome.arrived()) failed_alerts_ = 0;
    if (outcome.promoted()) {
      ++report_.counts.promoted;
      finding.kind = FindingKind::promoted;
      report(finding);
    } else if (outcome.promotion == delivery::Outcome::Promotion::refused) {
      without_case(finding, outcome.remark);
    } else if (!outcome.arrived()) {  // else a person was faster
      hold_cursor(item, index);
      const std::string how =
          outcome.in_thehive() ? "; socctl alert promote " + outcome.alert_id : "";
      without_case(finding, outcome.message + how);
      if (!is_about_this(outcome)) {
        stop(Status::error(exit_code(outcome), finding.message), index);
      }
    }
  }

  // Otherwise the server fails for all alerts.
  bool is_about_this(const delivery::Outcome& outcome) {
    using Kind = delivery::Outcome::Kind;
    if (outcome.kind == Kind::alert_failed) return ++failed_alerts_ < delivery::kMostFailedAlerts;
    if (outcome.kind == Kind::postponed) return outcome.in_thehive();
    return exit_code(outcome) == ExitCode::refused;
  }

  bool is_member(const Item& item) {
    if (plan_.state_dir.empty()) return true;
    constexpr std::size_t kMostGroups = 64;
    auto known = groups_.find(item.expected);
    if (known == groups_.end()) {
      if (groups_.size() >= kMostGroups) groups_.clear();
      std::optional<std::set<std::string>> members;
      const std::string id = grouping::BucketCounter::id_at(item.expected, item.route->name);
      if (env_.stat(plan_.state_dir + "/buckets/" + id).ok()) {
        if (const auto counter = grouping::BucketCounter::open(env_, plan_.state_dir, id);
            counter.ok()) {
          members.emplace();
          for (const auto& member : counter->view().members) members->insert(member.ref);
        }
      }
      known = groups_.emplace(item.expected, std::move(members)).first;
    }
    return !known->second || known->second->contains(item.finding.source_ref);
  }

  // The index may not show yet what custom-w2thive has just delivered.
  void look_again(Item& item, std::size_t index) {
    Finding& finding = item.finding;
    const bool young = finding.time_ms > wall_now_ms() - kYoungMs;
    if (young && report_.stopped.ok()) {
      const auto found = destination_.is_there(item.expected);
      if (!found.ok()) {
        stop(found.status(), index);
      } else if (*found) {
        ++report_.counts.present;
        return;
      }
    }
    ++report_.counts.missing;
    finding.kind = FindingKind::missing;
    report(finding);
  }

  void send(Item& item, std::size_t index) {
    Counts& counts = report_.counts;
    Finding& finding = item.finding;
    const auto alert = wazuh::Alert::parse(item.raw);
    if (!alert.ok()) return;  // cannot fail: it was read before
    using Kind = delivery::Outcome::Kind;
    const delivery::Outcome outcome = item.route->destination->send(*alert);
    finding.message = outcome.message;
    finding.alert_id = outcome.alert_id;
    finding.http_status = outcome.http_status;
    if (outcome.arrived()) failed_alerts_ = 0;
    const bool was_there = outcome.kind == Kind::duplicate && !item.grouped();
    if (was_there) {
      ++counts.present;
    } else if (outcome.in_thehive()) {  // in a group whose alert exists and now has it
      ++counts.missing;
      ++counts.filled;
    }
    if ((outcome.in_thehive() && lacks_case(outcome)) || (was_there && outcome.promoted())) {
      case_settled(item, outcome, index);
      return;
    }
    if (was_there) return;
    if (outcome.arrived()) {
      finding.kind = FindingKind::filled;
      if (outcome.kind == Kind::created) finding.message.clear();
      report(finding);
      return;
    }
    if (is_about_this(outcome)) {
      const bool final = exit_code(outcome) == ExitCode::refused && outcome.kind != Kind::blocked;
      if (!final) hold_cursor(item, index);
      ++counts.missing;
      ++counts.refused;
      finding.kind = FindingKind::refused;
      report(finding);
      return;
    }
    stop(Status::error(exit_code(outcome), finding.message), index);
    not_sent(finding, std::string(finding.message));
  }

  // It may succeed later: each run reports it until it exists.
  void hold_cursor(const Item& item, std::size_t index) {
    if (cursor_.barrier) return;
    cursor_.barrier = item.position;
    cursor_.barrier_index = index;
  }

  void not_sent(Finding& finding, std::string message) {
    ++report_.counts.missing;
    ++report_.not_sent;
    finding.kind = FindingKind::not_sent;
    finding.message = std::move(message);
    report(finding);
  }

  // `index`: first alert of the batch that is not done.
  void stop(Status why, std::size_t index) {
    report_.stopped = std::move(why);
    if (cursor_.barrier && cursor_.barrier_index <= index) {
      cursor_.settled = *cursor_.barrier;
    } else if (index < batch_.items.size()) {
      cursor_.settled = batch_.items[index].position;
    } else {
      cursor_.settled = source_.position_after();
    }
  }

  void save(bool last) {
    if (!hooks_.save || plan_.dry_run || !cursor_.settled) return;
    const std::int64_t now = steady_now_ms();
    if (!last && now - cursor_.saved_at < kSaveEveryMs) return;
    cursor_.saved_at = now;
    const Status saved = hooks_.save(*cursor_.settled, cursor_.latest);
    if (!saved.ok() && report_.save_error.ok()) report_.save_error = saved;
  }

  void report(const Finding& finding) {
    if (hooks_.on_finding) hooks_.on_finding(finding);
  }

  Env& env_;
  AlertSource& source_;
  const std::vector<Route>& routes_;
  Destination& destination_;  // the first route's: all lead to the same TheHive
  const SpooledReferences& queued_;
  const Plan& plan_;
  const Hooks& hooks_;
  Ask ask_;
  Report report_;
  struct Batch {
    std::vector<Item> items;
    std::size_t bytes = 0;
  } batch_;
  // Members of the groups read so far; empty optional: unknown.
  std::map<std::string, std::optional<std::set<std::string>>> groups_;
  struct Cursor {
    std::optional<std::string> barrier;  // the resume point never passes it
    std::size_t barrier_index = 0;       // alerts of the batch before it
    std::optional<std::string> settled;
    UnixMillis latest = 0;
    std::int64_t saved_at = 0;
  } cursor_;
  int failed_alerts_ = 0;  // in a row
};

}  // namespace

const char* kind_name(FindingKind kind) {
  switch (kind) {
    case FindingKind::missing: return "missing";
    case FindingKind::filled: return "filled";
    case FindingKind::refused: return "refused";
    case FindingKind::not_sent: return "not_sent";
    case FindingKind::held: return "held";
    case FindingKind::dead: return "dead";
    case FindingKind::not_alert: return "not an alert";
    case FindingKind::without_case: return "without_case";
    case FindingKind::promoted: return "promoted";
  }
  return "";
}

ExitCode Report::code() const {
  if (!stopped.ok()) return stopped.code();
  if (!save_error.ok()) return ExitCode::failure;
  if (counts.only_other()) return ExitCode::bad_input;
  const bool unproven = counts.not_alerts > 0 || unread.too_long > 0 || !unread.failures.empty();
  return counts.gaps() > 0 || unproven ? ExitCode::degraded : ExitCode::ok;
}

Report run(Env& env, AlertSource& source, const Scope& scope, const Plan& plan,
           const Hooks& hooks) {
  return Run(env, source, scope, plan, hooks).go();
}

}  // namespace socbridge::reconcile
