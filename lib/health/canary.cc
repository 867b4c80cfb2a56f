// SPDX-License-Identifier: Apache-2.0
#include "health/canary.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/text.h"
#include "health/canary_cortex.h"
#include "health/canary_destinations.h"
#include "health/canary_leftovers.h"
#include "health/canary_source.h"
#include "health/text_list.h"
#include "thehive/client.h"
#include "thehive/observables.h"

namespace socbridge::health {
namespace {

constexpr std::int64_t kPauseMs = 200;
constexpr std::int64_t kCleanUpMs = 15000;
constexpr const char* kStages[] = {"integration", "alert", "observable", "job", "report"};
constexpr const char* kLogLine = "log line";
constexpr const char* kWazuhAlert = "wazuh alert";

class Canary {
 public:
  Canary(Env& env, const Options& options, const CanaryOptions& canary,
         const CanaryEndpoints& endpoints)
      : env_(env),
        canary_(canary),
        thehive_(endpoints.thehive),
        probe_(env, options, thehive_, {"canary", "Canary"}, Deadline::after_ms(canary.timeout_ms)),
        client_(probe_.http(), {thehive_.url, thehive_.key, thehive_.organisation}),
        cortex_(endpoints, client_),
        source_(env, options, canary.address) {}

  CanaryResult run() {
    const std::int64_t started = steady_now_ms();
    sweep();
    const bool ok = begin_with_log() && stage("integration", &Canary::integrate) &&
                    stage("alert", &Canary::find) && stage("observable", &Canary::observe) &&
                    stage("job", &Canary::start) && stage("report", &Canary::await);
    if (ok) probe_.report().latency_ms = steady_now_ms() - started;
    for (const char* name : kStages) {
      const auto& checks = probe_.report().checks;
      const bool reached = std::any_of(checks.begin(), checks.end(),
                                       [&](const Check& check) { return check.name == name; });
      if (!reached) probe_.skip(name, "not reached");
    }
    clean_up();
    visit_destinations(probe_, env_, source_, killed_before_ms(), [&] { return stopped(); });
    return {std::move(probe_.report()), interrupted_};
  }

 private:
  bool stage(const char* name, bool (Canary::*run_stage)()) {
    stage_started_ = steady_now_ms();
    const bool ok = !stopped() && (this->*run_stage)();
    for (Check& check : probe_.report().checks) {
      if (check.name == name && check.state == State::ok) {
        check.took_ms = steady_now_ms() - stage_started_;
      }
    }
    return ok;
  }
  std::string in_ms() const {
    return "in " + std::to_string(steady_now_ms() - stage_started_) + " ms";
  }

  bool stopped() {
    interrupted_ = interrupted_ || (canary_.stop && canary_.stop());
    return interrupted_;
  }
  // False if the time is over or the run was stopped.
  bool pause() {
    if (stopped() || probe_.deadline().passed()) return false;
    sleep_ms(kPauseMs);
    return !stopped();
  }
  bool broken(const char* name, const std::string& detail, const std::string& next,
              Cause cause = Cause::reported_error) {
    if (!interrupted_) probe_.add(name, State::down, cause, detail, next);
    if (interrupted_) probe_.add(name, State::unknown, Cause::none, "interrupted", "run it again");
    return false;
  }
  bool failed(const char* name, const Status& status) {
    if (interrupted_) return broken(name, {}, {});
    probe_.fail(name, status);
    return false;
  }

  // Deadline of one request: short, so that `stop` takes effect while a server hangs.
  Deadline step() const {
    constexpr std::int64_t kStepMs = 10000;
    return Deadline::after_ms(std::min(probe_.deadline().left_ms(), kStepMs));
  }

  bool record(const char* name, const Stage& stage) {
    if (interrupted_ && !stage.ok()) return broken(name, {}, {});
    probe_.add(name, stage.state, stage.cause, stage.detail, stage.next);
    return stage.ok();
  }

  UnixMillis killed_before_ms() const {
    return source_.made_at_ms() - canary_.timeout_ms - kCleanUpMs;
  }

  // Removes alerts of killed canary runs. Runs younger than the time limit may still be active. An
  // error here would also stop this run and is reported there.
  void sweep() {
    constexpr const char* kName = "earlier canaries";
    const UnixMillis before = killed_before_ms();
    const Swept swept = sweep_alerts(client_, source_.mapping(), before, step());
    int gone = swept.deleted;
    if (source_.is_manager()) {
      const auto waiting = remove_from_spool(env_, source_.spool_dir(), 0, before, is_canary);
      if (waiting.ok()) gone += *waiting;
    }
    if (gone > 0) {
      probe_.ok(kName, counted(static_cast<std::size_t>(gone), "canary", "canaries") +
                           " of killed runs removed");
    }
    if (swept.deleted < swept.found) probe_.fail(kName, swept.error, State::degraded);
  }

  // False: it began with a log line, which did not arrive.
  bool begin_with_log() {
    switch (source_.can_begin_with_log()) {
      case CanaryLog::Possible::no_socket: return true;
      case CanaryLog::Possible::no_rule:
        probe_.skip(kLogLine, "the manager has no rule that makes an alert of it",
                    "copy examples/wazuh/canary-rules.xml to etc/rules and restart the manager");
        return true;
      case CanaryLog::Possible::yes: break;
    }
    return stage(kLogLine, &Canary::write_log_line) && stage(kWazuhAlert, &Canary::await_wazuh);
  }

  bool write_log_line() { return record(kLogLine, source_.write_log_line()); }

  // analysisd writes alerts.json once a second.
  bool await_wazuh() {
    constexpr std::int64_t kLongMs = 30000;
    const Deadline deadline = Deadline::after_ms(std::min(probe_.deadline().left_ms(), kLongMs));
    do {
      const auto found = source_.find_wazuh_alert();
      if (!found.ok()) return failed(kWazuhAlert, found.status());
      if (!*found) continue;
      if (!(*found)->ok()) return record(kWazuhAlert, **found);
      probe_.ok(kWazuhAlert, "in alerts.json " + in_ms());
      return true;
    } while (!deadline.passed() && pause());
    return broken(kWazuhAlert, "analysisd made no alert of it",
                  "see logs/ossec.log for the rule 100998; a <level> of 0 or a log_alert_level "
                  "above it prevents the alert",
                  Cause::missing);
  }

  bool integrate() {
    const Stage sent = source_.send(thehive_, probe_.http(), probe_.deadline(), step().left_ms());
    is_accepted_ = sent.ok() || sent.state == State::skipped;
    return record("integration", sent) || is_accepted_;
  }

  Result<json::Document> look_up(const Deadline& deadline) {
    return client_.find_alert(source_.alert_type(), source_.alert_source(), source_.reference(),
                              deadline);
  }

  bool find() {
    Status last;
    bool looked = false;  // the last request may end after the deadline
    do {
      const auto found = look_up(step());
      if (found.ok() && !found->root().missing()) {
        alert_id_ = found->root()["_id"].text();
        probe_.ok("alert", in_ms());
        return true;
      }
      looked = looked || found.ok();
      last = found.ok() ? Status() : found.status();
      if (!last.ok() && last.code() == ExitCode::auth) return failed("alert", last);
    } while (pause());
    if (!looked && !last.ok()) return failed("alert", last);
    if (const auto spool = source_.spool_defect()) {
      return broken("alert", "accepted, but TheHive does not have it: " + spool->detail,
                    spool->next, Cause::configuration);
    }
    if (source_.is_integratords()) {
      return broken(
          "alert", "Wazuh has it, but TheHive does not",
          "check that <level>, <group> and <rule_id> of the integration accept rule 100998; then "
          "socctl queue list and logs/ossec.log",
          Cause::missing);
    }
    return broken("alert", "accepted, but TheHive does not have it",
                  "see why with socctl queue list, and check the organisation of the key",
                  Cause::missing);
  }

  bool observe() {
    Status last;
    bool looked = false;
    do {
      const auto list =
          thehive::list_observables(client_, thehive::Subject::alert(alert_id_), step());
      looked = looked || list.ok();
      last = list.ok() ? Status() : list.status();
      for (std::size_t i = 0; list.ok() && i < list->size(); ++i) {
        if ((*list)[i].data != canary_.address) continue;
        observable_id_ = (*list)[i].id;
        probe_.ok("observable", (*list)[i].data_type + " " + canary_.address + " " + in_ms());
        return true;
      }
    } while (pause());
    if (!looked && !last.ok()) return failed("observable", last);
    return broken("observable", "the alert has no observable " + canary_.address,
                  "see socctl alert map --explain; ignore_values or extra_sources may exclude it",
                  Cause::missing);
  }

  bool start() {
    const Status started = cortex_.start(observable_id_, canary_.address, canary_.analyzer, step());
    if (!started.ok()) return failed("job", started);
    if (cortex_.way().empty()) {
      probe_.skip("job", cortex_.skip_reason());
      probe_.skip("report", "no job");
      return false;
    }
    probe_.ok("job", cortex_.analyzer() + " " + cortex_.way() + " " + in_ms());
    return true;
  }

  bool await() {
    bool looked = false;  // the last request may end with the time that is over
    while (true) {
      const auto state = cortex_.look(step());
      if (!state.ok() && looked && probe_.deadline().passed()) break;
      if (!state.ok()) return failed("report", state.status());
      looked = true;
      if (state->ended) {
        if (!state->success) {
          return broken("report", cortex_.analyzer() + " failed: " + state->error,
                        "run socctl cortex doctor");
        }
        probe_.ok("report", cortex_.analyzer() + " reported " + in_ms());
        return true;
      }
      if (!pause()) break;
    }
    return broken("report", "the job of " + cortex_.analyzer() + " did not end in time",
                  "check the job runner of Cortex: socctl cortex doctor", Cause::stale);
  }

  // Removes what custom-w2thive may have stored, so that it is not delivered later.
  Status empty_spool() {
    if (!source_.is_manager()) return {};
    return remove_from_spool(env_, source_.spool_dir(), source_.made_at_ms(),
                             wall_now_ms() + kCleanUpMs,
                             [&](std::string_view raw) { return source_.is_mine(raw); })
        .status();
  }

  void clean_up() {
    const Deadline deadline = Deadline::after_ms(kCleanUpMs);
    stage_started_ = steady_now_ms();
    std::vector<std::string> left;
    if (const Status emptied = empty_spool(); !emptied.ok()) left.push_back(emptied.message());
    if (alert_id_.empty() && !source_.reference().empty()) {
      const auto found = look_up(deadline);
      if (found.ok()) alert_id_ = found->root()["_id"].text();
      if (!found.ok() && is_accepted_) {
        left.push_back("the alert may still be there: " + found.status().message());
      }
    }
    cortex_.clean_up(canary_.deleted_job, deadline);
    if (!alert_id_.empty()) {
      if (const Status removed = client_.remove_alert(alert_id_, deadline); !removed.ok()) {
        left.push_back("alert " + printable(alert_id_) + " is still there: " + removed.message());
      }
    }
    if (left.empty()) {
      probe_.ok("clean-up", in_ms());
      return;
    }
    std::string all;
    for (const std::string& one : left) all += (all.empty() ? "" : "; ") + one;
    probe_.add("clean-up", State::degraded, Cause::reported_error, all,
               "delete it by hand; the key needs manageAlert/delete for it");
  }

  Env& env_;
  const CanaryOptions& canary_;
  const profile::Endpoint& thehive_;
  Probe probe_;
  thehive::Client client_;
  CanaryCortex cortex_;
  CanarySource source_;
  bool interrupted_ = false, is_accepted_ = false;
  std::int64_t stage_started_ = 0;
  std::string alert_id_, observable_id_;
};

}  // namespace

Result<CanaryEndpoints> find_canary_endpoints(Env& env, const Options& options) {
  auto thehive = profile::find(env, "thehive", options.flags, options.system);
  if (!thehive.ok()) return thehive.status();
  if (!*thehive) {
    return Status::error(ExitCode::usage, "the canary needs TheHive, which is not configured",
                         "set SOCCTL_THEHIVE_URL and SOCCTL_THEHIVE_KEY_FILE, or write it into "
                         "~/.config/socctl/config.json");
  }
  CanaryEndpoints out;
  out.thehive = std::move(**thehive);
  auto cortex = profile::find(env, "cortex", options.flags, options.system);
  out.cortex_error = cortex.status();
  if (cortex.ok()) out.cortex = std::move(*cortex);
  return out;
}

CanaryResult run_canary(Env& env, const Options& options, const CanaryOptions& canary,
                        const CanaryEndpoints& endpoints) {
  return Canary(env, options, canary, endpoints).run();
}

}  // namespace socbridge::health
