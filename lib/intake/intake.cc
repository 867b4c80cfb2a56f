// SPDX-License-Identifier: Apache-2.0
#include "intake/intake.h"

#include <optional>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "delivery/backlog.h"
#include "delivery/drain.h"
#include "delivery/sender.h"
#include "grouping/rate_cap.h"
#include "intake/intake_report.h"
#include "integration/redacted_invocation.h"
#include "integration/settings.h"
#include "integration/tls_settings.h"
#include "mapping/mapping.h"
#include "wazuh/home_access.h"
#include "wazuh/invocation.h"

namespace socbridge::intake {
namespace {

constexpr std::size_t kMaxAlertBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxOptionsBytes = std::size_t{1} << 20;

class Intake {
 public:
  Intake(Env& env, const std::vector<std::string_view>& args)
      : env_(env), call_(wazuh::parse_invocation(args)), home_(wazuh::find_home()) {
    log_file_ = home_ + "/logs/integrations.log";
  }

  IntakeResult run() {
    if (call_.no_arguments)
      return {ExitCode::usage, "usage: custom-w2thive ALERT_FILE [KEY [URL]]"};
    if (call_.alert_file.empty()) {
      return failure(ExitCode::failure,
                     "integratord handed over no alert file: it could not write one; check free "
                     "space and permissions of /tmp");
    }
    auto bytes = env_.read_file(call_.alert_file, kMaxAlertBytes);
    if (!bytes.ok()) return failure(ExitCode::failure, bytes.status().message());
    std::string options;
    const Status options_read = read_options(options);
    // Run by hand as root: nothing of the home is used with root's rights.
    if (const Status in = wazuh::enter_home(env_, home_); !in.ok()) {
      return failure(ExitCode::usage, in.line());
    }
    load_settings(std::move(options), options_read);
    return take(std::move(*bytes));
  }

 private:
  Status read_options(std::string& options) {
    if (call_.options_file.empty()) return {};
    auto text = env_.read_file(call_.options_file, kMaxOptionsBytes);
    if (!text.ok()) return Status::error(ExitCode::usage, "<options>: " + text.status().message());
    options = std::move(*text);
    return {};
  }

  void load_settings(std::string options, const Status& options_read) {
    integration::Sources sources;
    sources.home = home_;
    sources.config_file = home_ + "/etc/w2thive.json";
    sources.hook_url = call_.hook_url;
    sources.key = call_.key;
    sources.timeout_s = call_.timeout_s;
    sources.options_origin = "<options>";
    sources.options_json = std::move(options);
    loaded_ = load(env_, sources);
    if (!options_read.ok()) loaded_.errors.insert(loaded_.errors.begin(), options_read);
    log_file_ = loaded_.settings.log_file;
  }

  IntakeResult take(std::string bytes) {
    const auto alert = wazuh::Alert::parse(bytes);
    if (!alert.ok()) return take_strange(bytes, alert.status());
    ids_ = alert_ids(*alert);
    if (loaded_.errors.empty()) {
      const std::string skip = mapping::skip_reason(*alert, loaded_.settings.mapping);
      if (!skip.empty()) return success("not forwarded: " + skip);
      if (counted_only(*alert, bytes)) return success("over the rate cap: counted");
    }
    accept(bytes);
    // A missing URL follows from other errors, so it is only reported when there are none.
    if (loaded_.errors.empty()) {
      if (auto missing = check_target(loaded_.settings, home_); !missing.ok()) {
        loaded_.errors.push_back(std::move(missing));
      }
    }
    if (!loaded_.errors.empty()) return misconfigured();
    if (loaded_.settings.delivery == integration::DeliveryMode::queue) return left_to_relay();
    log_insecure();
    return deliver(*alert, bytes);
  }

  // Over the cap, and safely in the count. After any error the alert goes its own way.
  bool counted_only(const wazuh::Alert& alert, const std::string& bytes) {
    if (loaded_.settings.mapping.rate_cap.by.empty()) return false;
    if (!open_spool()) return false;
    const auto over =
        grouping::over_cap(spool_->env(), *spool_, loaded_.settings, alert, entry_of(bytes));
    if (!over.ok()) log("WARNING", "the rate cap does not count: " + over.status().line() + ids_);
    if (!over.ok() || !*over) return false;
    drain_rarely(*spool_);
    return true;
  }

  // Where all alerts are only counted, nothing else would deliver the queued ones; but a flood must
  // not pay round trips, so this is done only when the list of due ones is old.
  void drain_rarely(spool::Spool& spool) {
    const integration::Settings& settings = loaded_.settings;
    if (settings.delivery != integration::DeliveryMode::direct ||
        !check_target(settings, home_).ok())
      return;
    if (!delivery::Backlog(spool.env(), spool, settings.retry).list_is_old(wall_now_ms())) return;
    http::Client http(settings.http);
    drain_some(spool, http);
  }

  // A few queued alerts, and never for long: integratord waits.
  void drain_some(spool::Spool& spool, http::Client& http) {
    constexpr std::int64_t kShare = 4;
    const integration::Settings& settings = loaded_.settings;
    const spool::Entry like = entry_of({});
    const delivery::LogLine log_line = [this](std::string_view level, const std::string& text) {
      log(level, text);
    };
    delivery::drain({env_, spool, http, settings, like, home_, log_line},
                    deadline(settings.budget_ms / kShare));
  }

  spool::Entry entry_of(const std::string& bytes) const {
    spool::Entry entry;
    entry.integration = wazuh::own_name();
    entry.hook_url = own_hook_url();
    entry.options = loaded_.options_without_secrets;
    entry.accepted_ms = wall_now_ms();
    entry.alert = bytes;
    return entry;
  }

  // Not a JSON alert. What can never be delivered (empty, text format) is not stored.
  IntakeResult take_strange(std::string& bytes, const Status& why) {
    const auto what = wazuh::classify_not_alert(bytes);
    if (what == wazuh::NotAlert::empty || what == wazuh::NotAlert::text_format) {
      return failure(ExitCode::bad_input, why.line());
    }
    accept(bytes);
    if (!claim_) return failure(ExitCode::bad_input, why.line() + "; not kept: " + spool_error_);
    spool::Reason reason;
    reason.at_ms = wall_now_ms();
    reason.kind = "bad_input";
    reason.message = why.line();
    const Status moved = spool_->move(std::move(*claim_), spool::State::corrupt, reason);
    return failure(ExitCode::bad_input, why.line() +
                                            (moved.ok() ? "; kept in " : "; kept in queue/ of ") +
                                            spool_->dir() + (moved.ok() ? "/corrupt" : ""));
  }

  bool open_spool() {
    if (spool_) return true;
    const std::string& dir = loaded_.settings.spool_dir;
    // On a machine without Wazuh nothing would ever deliver what is stored.
    if (dir.starts_with(home_ + "/") && !env_.stat(home_).ok()) {
      spool_error_ = "there is no Wazuh at " + printable(home_) + "; set SOCBRIDGE_WAZUH_HOME";
      return false;
    }
    auto spool = spool::Spool::open(env_, dir);
    if (!spool.ok()) {
      spool_error_ = spool.status().line();
      return false;
    }
    spool_.emplace(std::move(*spool));
    return true;
  }

  // What fails in the spool is why this alert, or others, wait. A line for each cause; what keeps
  // it from being stored goes with the alert.
  void log_failures() {
    spool_->failures().set_report(
        [this](spool::CallFailures::Event event, const std::string& line) {
          if (event == spool::CallFailures::Event::failed) log("ERROR", line + ids_);
        });
  }

  // Durable from here on, or the reason why not. The bytes stay what they were; a large alert is
  // not copied for it.
  void accept(std::string& bytes) {
    if (!open_spool()) return;
    accepted_ms_ = wall_now_ms();
    if (const Status room = spool_->admit(bytes.size(), loaded_.settings.bounds, accepted_ms_);
        !room.ok()) {
      spool_full_ = true;
      spool_error_ = room.line();
      return;
    }
    spool::Entry entry = entry_of({});
    entry.accepted_ms = accepted_ms_;
    entry.alert = std::move(bytes);
    auto claim = spool_->accept(entry);
    bytes = std::move(entry.alert);
    if (claim.ok()) {
      claim_.emplace(std::move(*claim));
      log_failures();
    } else {
      spool_error_ = claim.status().line();
    }
  }

  IntakeResult misconfigured() {
    const std::string where = claim_ ? "; the alert waits in " + spool_->dir() + "/queue"
                                     : "; the alert is lost: " + spool_error_;
    for (std::size_t i = 1; i < loaded_.errors.size(); ++i) log("ERROR", loaded_.errors[i].line());
    claim_.reset();
    return failure(ExitCode::usage, loaded_.errors.front().line() + where);
  }

  std::string own_hook_url() const {
    return redact(integration::url_for_spool(call_.hook_url), loaded_.settings.endpoint.key);
  }

  IntakeResult left_to_relay() {
    if (claim_) return success("accepted; socctl relay delivers it");
    return failure(ExitCode::failure, "not stored: " + spool_error_);
  }

  Deadline deadline(std::int64_t of_budget_ms) const {
    return Deadline::after_ms(started_ms_ + of_budget_ms - steady_now_ms());
  }

  IntakeResult deliver(const wazuh::Alert& alert, const std::string& bytes) {
    const integration::Settings& settings = loaded_.settings;
    http::Client http(settings.http);
    const Deadline budget = deadline(settings.budget_ms);
    delivery::SendPolicy policy;
    if (spool_) {
      policy.spool = &*spool_;
    } else {
      policy.spool_dir = settings.spool_dir;
      policy.breaker = delivery::SendPolicy::Breaker::report;
      policy.memory = delivery::SendPolicy::Memory::none;
    }
    // An alert that is stored nowhere is sent even if no lock can be had.
    if (!claim_) policy.without_lock = delivery::WithoutLock::send;
    policy.log = [this](std::string_view level, const std::string& text) {
      log(level, text + ids_);
    };
    delivery::AlertInput input;
    input.raw = bytes;
    input.alert = &alert;
    input.filter = delivery::Filter::passed;
    delivery::Sender sender(env_, http, settings, std::move(policy));
    if (!claim_) return unstored_result(sender.send(input, budget.left_ms()));
    const delivery::Report report =
        sender.send(input, {*spool_, std::move(*claim_), accepted_ms_}, budget);
    if (report.outcome.arrived()) drain_some(*spool_, http);
    return stored_result(report);
  }

  IntakeResult stored_result(const delivery::Report& report) {
    using Postponed = delivery::Outcome::Postponed;
    const delivery::Outcome& outcome = report.outcome;
    if (outcome.arrived()) return success(result_name(outcome));
    if (!report.decision) {  // no permit of the circuit breaker
      const std::string text = "not delivered yet: " + outcome.message + kept();
      if (outcome.postponed == Postponed::probing) log("WARNING", text + ids_);
      return success(text);
    }
    log_remarks();
    if (report.decision->disposition == delivery::Disposition::dead) {
      log("ERROR", "refused: " + outcome.message + ids_);
      return success("refused by TheHive" + kept("dead"));
    }
    // A refused key is logged once, not with each alert; that another process sends is no error.
    const bool busy = !outcome.tried() && outcome.postponed != Postponed::no_time;
    if (outcome.kind != delivery::Outcome::Kind::key_refused && !busy) {
      log("ERROR", "not delivered: " + outcome.message + kept() + ids_);
    }
    return success("not delivered: " + failure_in_own_words(outcome) + kept());
  }

  std::string kept(const char* state = "queue") const {
    return "; kept in " + spool_->dir() + "/" + state;
  }

  IntakeResult unstored_result(const delivery::Outcome& outcome) {
    using Postponed = delivery::Outcome::Postponed;
    if (outcome.arrived()) {
      log("WARNING", std::string("delivered without a safety net, the spool ") +
                         (spool_full_ ? "takes nothing: " : "is unusable: ") + spool_error_ + ids_);
      return success(result_name(outcome));
    }
    log_remarks();
    log("ERROR",
        "not delivered and not stored: " + outcome.message + "; spool: " + spool_error_ + ids_);
    const bool blocked =
        outcome.kind == delivery::Outcome::Kind::postponed &&
        (outcome.postponed == Postponed::breaker_open ||
         outcome.postponed == Postponed::key_refused || outcome.postponed == Postponed::probing);
    const std::string why =
        blocked ? "the circuit breaker for TheHive is open" : failure_in_own_words(outcome);
    return {spool_full_ || blocked ? ExitCode::failure : exit_code(outcome),
            one_line("not delivered and not stored: " + why + "; spool: " + spool_error_ + ids_)};
  }

  IntakeResult success(const std::string& what) const {
    return {ExitCode::ok, call_.debug ? one_line(what + ids_) : std::string()};
  }

  IntakeResult failure(ExitCode code, const std::string& text) {
    log_remarks();
    log("ERROR", text + ids_);
    return {code, one_line(text + ids_)};
  }

  void log_insecure() {
    if (loaded_.settings.http.tls.insecure) log("WARNING", integration::kInsecure + ids_);
  }

  // What looked shifted in the arguments often is the reason of a failure.
  void log_remarks() {
    for (const std::string& remark : call_.remarks) log("WARNING", "arguments: " + remark);
  }

  void log(std::string_view level, const std::string& text) {
    static_cast<void>(append_log_line(env_, log_file_, wazuh::own_name(), level, text));
  }

  static std::string one_line(const std::string& text) {
    constexpr std::size_t kMaxLine = 1000;  // integratord reads lines of up to 4095 bytes
    return "custom-w2thive: " + printable(text, kMaxLine);
  }

  const std::int64_t started_ms_ = steady_now_ms();
  Env& env_;
  wazuh::Invocation call_;
  std::string home_;
  std::string log_file_;
  integration::Loaded loaded_;
  std::string ids_;
  std::optional<spool::Spool> spool_;
  std::optional<spool::Claim> claim_;
  std::string spool_error_;
  bool spool_full_ = false;
  UnixMillis accepted_ms_ = 0;
};

}  // namespace

IntakeResult run_intake(Env& env, const std::vector<std::string_view>& args) {
  return Intake(env, args).run();
}

}  // namespace socbridge::intake
