#include "relay/intake.h"

#include <optional>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "mapping/mapping.h"
#include "relay/deliver.h"
#include "relay/handed_over.h"
#include "relay/intake_report.h"
#include "relay/settings.h"
#include "wazuh/invocation.h"

namespace socbridge::relay {
namespace {

constexpr std::size_t kMaxAlertBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxOptionsBytes = std::size_t{1} << 20;

class Intake {
 public:
  Intake(Env& env, const std::vector<std::string_view>& args)
      : env_(env), call_(wazuh::parse_invocation(args)), home_(wazuh::find_home(env)) {
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
    load_settings();
    return take(*bytes);
  }

 private:
  void load_settings() {
    Sources sources;
    sources.home = home_;
    sources.config_file = home_ + "/etc/w2thive.json";
    sources.hook_url = call_.hook_url;
    sources.key = call_.key;
    sources.timeout_s = call_.timeout_s;
    std::optional<Status> unread;
    if (!call_.options_file.empty()) {
      sources.options_origin = "<options>";
      auto text = env_.read_file(call_.options_file, kMaxOptionsBytes);
      if (text.ok()) {
        sources.options_json = std::move(*text);
      } else {
        unread = Status::error(ExitCode::usage, "<options>: " + text.status().message());
      }
    }
    loaded_ = load(env_, sources);
    if (unread) loaded_.errors.insert(loaded_.errors.begin(), std::move(*unread));
    log_file_ = loaded_.settings.log_file;
  }

  IntakeResult take(const std::string& bytes) {
    const auto alert = wazuh::Alert::parse(bytes);
    if (!alert.ok()) return take_strange(bytes, alert.status());
    ids_ = alert_ids(*alert);
    if (loaded_.errors.empty()) {
      const std::string skip = mapping::skip_reason(*alert, loaded_.settings.mapping);
      if (!skip.empty()) return success("not forwarded: " + skip);
    }
    accept(bytes);
    if (auto missing = check_target(); !missing.ok()) loaded_.errors.push_back(std::move(missing));
    if (!loaded_.errors.empty()) return misconfigured();
    return deliver(*alert);
  }

  // Not a JSON alert. What nobody can ever deliver (empty, text format) is not stored.
  IntakeResult take_strange(const std::string& bytes, const Status& why) {
    const auto what = wazuh::classify_not_alert(bytes);
    if (what == wazuh::NotAlert::empty || what == wazuh::NotAlert::text_format) {
      return failure(ExitCode::bad_input, why.line());
    }
    accept(bytes);
    if (!claim_) return failure(ExitCode::bad_input, why.line() + "; not kept: " + spool_trouble_);
    Attempt attempt;
    attempt.bad_input = true;
    attempt.delivery.message = why.line();
    const Status moved = settle(*spool_, std::move(*claim_), attempt);
    return failure(ExitCode::bad_input, why.line() +
                                            (moved.ok() ? "; kept in " : "; kept in queue/ of ") +
                                            spool_->dir() + (moved.ok() ? "/corrupt" : ""));
  }

  // Durable from here on, or the reason why not.
  void accept(const std::string& bytes) {
    auto spool = spool::Spool::open(env_, loaded_.settings.spool_dir);
    if (!spool.ok()) {
      spool_trouble_ = spool.status().line();
      return;
    }
    spool_.emplace(std::move(*spool));
    spool::Entry entry;
    entry.integration = wazuh::own_name();
    entry.hook_url = redact(url_for_spool(call_.hook_url), loaded_.settings.endpoint.key);
    entry.options = loaded_.options_without_secrets;
    entry.accepted_ms = wall_now_ms();
    entry.alert = bytes;
    auto claim = spool_->accept(entry);
    if (claim.ok()) {
      claim_.emplace(std::move(*claim));
    } else {
      spool_trouble_ = claim.status().line();
    }
  }

  // Follows from other errors, so it is only asked when there are none.
  Status check_target() const {
    if (!loaded_.errors.empty()) return {};
    const thehive::Endpoint& endpoint = loaded_.settings.endpoint;
    if (endpoint.url.empty()) {
      return Status::error(ExitCode::usage, "no URL of TheHive",
                           "set <hook_url> or \"url\" in " + home_ + "/etc/w2thive.json");
    }
    if (endpoint.key.empty()) {
      return Status::error(ExitCode::usage, "no API key for TheHive",
                           "set \"api_key\" in " + home_ + "/etc/w2thive.json");
    }
    return {};
  }

  IntakeResult misconfigured() {
    const std::string fate = claim_ ? "; the alert waits in " + spool_->dir() + "/queue"
                                    : "; the alert is lost: " + spool_trouble_;
    for (std::size_t i = 1; i < loaded_.errors.size(); ++i) log("ERROR", loaded_.errors[i].line());
    claim_.reset();
    return failure(ExitCode::usage, loaded_.errors.front().line() + fate);
  }

  IntakeResult deliver(const wazuh::Alert& alert) {
    http::Client http(loaded_.settings.http);
    const Deadline deadline =
        Deadline::after_ms(started_ms_ + loaded_.settings.budget_ms - steady_now_ms());
    const std::string remember_dir = spool_ ? spool_->state_dir() : std::string();
    const Attempt result = attempt(env_, alert, loaded_.settings, http, remember_dir, deadline);
    if (!claim_) return settle_without_spool(result);
    const Status settled = settle(*spool_, std::move(*claim_), result);
    if (!settled.ok())
      log("WARNING", "the queue was not brought up to date: " + settled.line() + ids_);
    if (result.filtered) return success("not forwarded: " + result.delivery.message);
    if (arrived(result)) return success(thehive::verdict_name(result.delivery.verdict));
    log_remarks();
    const std::string kept = "; kept in " + spool_->dir() + "/queue";
    log("ERROR", "not delivered: " + result.delivery.message + kept + ids_);
    return success("not delivered: " + failure_in_own_words(result) + kept);
  }

  IntakeResult settle_without_spool(const Attempt& result) {
    if (result.filtered) return success("not forwarded: " + result.delivery.message);
    if (arrived(result)) {
      log("WARNING",
          "delivered without a safety net, the spool is unusable: " + spool_trouble_ + ids_);
      return success(thehive::verdict_name(result.delivery.verdict));
    }
    log_remarks();
    log("ERROR", "not delivered and not stored: " + result.delivery.message +
                     "; spool: " + spool_trouble_ + ids_);
    return {failure_code(result),
            one_line("not delivered and not stored: " + failure_in_own_words(result) +
                     "; spool: " + spool_trouble_ + ids_)};
  }

  IntakeResult success(const std::string& what) const {
    return {ExitCode::ok, call_.debug ? one_line(what + ids_) : std::string()};
  }

  IntakeResult failure(ExitCode code, const std::string& text) {
    log_remarks();
    log("ERROR", text + ids_);
    return {code, one_line(text + ids_)};
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
  Loaded loaded_;
  std::string ids_;
  std::optional<spool::Spool> spool_;
  std::optional<spool::Claim> claim_;
  std::string spool_trouble_;
};

}  // namespace

IntakeResult run_intake(Env& env, const std::vector<std::string_view>& args) {
  return Intake(env, args).run();
}

}  // namespace socbridge::relay
