// SPDX-License-Identifier: Apache-2.0
#include "intake/intake.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "config/error_list.h"
#include "delivery/backlog.h"
#include "delivery/drain.h"
#include "grouping/rate_cap.h"
#include "intake/acceptance.h"
#include "intake/direct_delivery.h"
#include "intake/intake_report.h"
#include "intake/reporter.h"
#include "integration/destination_settings.h"
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

// Of several results, returns the first failure; the line has all of them.
IntakeResult joined(std::vector<IntakeResult>& results) {
  constexpr std::string_view kName = "custom-w2thive: ";
  constexpr std::size_t kMostLine = 3000;  // integratord reads lines of up to 4095 bytes
  IntakeResult out = std::move(results.front());
  for (std::size_t i = 1; i < results.size(); ++i) {
    const IntakeResult& one = results[i];
    if (out.code == ExitCode::ok) out.code = one.code;
    if (one.line.empty() || out.line.size() + one.line.size() > kMostLine) continue;
    out.line += out.line.empty() ? one.line : "; " + one.line.substr(kName.size());
  }
  return out;
}

// The settings for one destination.
struct Target {
  Target(const integration::Loaded& loaded, const std::string& name) : settings(&loaded.settings) {
    if (name.empty()) {
      if (!loaded.errors.empty()) error = loaded.errors.front();
      return;
    }
    named = integration::settings_for(loaded, name);
    if (!named.errors.empty()) error = named.errors.front();
    settings = &named.settings;
  }
  integration::DestinationSettings named;
  const integration::Settings* settings;  // those of the top-level one are not copied
  Status error;
  std::optional<http::Client> http;
};

class Intake {
 public:
  Intake(Env& env, const std::vector<std::string_view>& args)
      : env_(env), call_(wazuh::parse_invocation(args)), home_(wazuh::find_home()) {
    reporter_.set_log_file(home_ + "/logs/integrations.log");
  }

  IntakeResult run() {
    if (call_.no_arguments)
      return {ExitCode::usage, "usage: custom-w2thive ALERT_FILE [KEY [URL]]"};
    if (call_.alert_file.empty()) {
      return reporter_.failure(ExitCode::failure,
                               "integratord passed no alert file: it could not write one; "
                               "check free space and permissions of /tmp");
    }
    auto bytes = env_.read_file(call_.alert_file, kMaxAlertBytes);
    if (!bytes.ok()) return reporter_.failure(ExitCode::failure, bytes.status().message());
    std::string options;
    const Status options_read = read_options(options);
    // Run manually as root: files of the home are not used with root's rights.
    if (const Status in = wazuh::enter_home(env_, home_); !in.ok()) {
      return reporter_.failure(ExitCode::usage, in.line());
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
    if (!options_read.ok()) {
      loaded_.errors.insert(loaded_.errors.begin(), options_read);
      loaded_.common_errors.push_back(options_read);
    }
    reporter_.set_log_file(loaded_.settings.log_file);
  }

  const integration::Settings& settings() const { return loaded_.settings; }
  const std::string& spool_dir() const { return loaded_.settings.spool_dir; }

  IntakeResult take(std::string bytes) {
    const auto alert = wazuh::Alert::parse(bytes);
    if (!alert.ok()) return reject_non_alert(bytes, alert.status());
    reporter_.set_ids(alert_ids(*alert));
    if (rules_hold()) {
      const std::string skip = mapping::skip_reason(*alert, settings().mapping);
      if (!skip.empty()) {
        acceptance_.count(spool_dir(), spool::Counted::filtered);
        return reporter_.success("not forwarded: " + skip);
      }
      if (counted_only(*alert, bytes)) {
        acceptance_.count(spool_dir(), spool::Counted::capped);
        return reporter_.success("over the rate cap: counted");
      }
    }
    choose_destinations(*alert);
    accept(bytes);
    const bool top = goes_to("");
    // A missing URL is a consequence of other errors, so it is only reported without them.
    if (top && loaded_.errors.empty()) {
      if (auto missing = check_target(settings(), home_); !missing.ok()) {
        loaded_.errors.push_back(std::move(missing));
      }
    }
    const bool stuck = !loaded_.common_errors.empty() || (top && destinations_.size() == 1);
    if (stuck && !loaded_.errors.empty()) return misconfigured();
    if (settings().delivery == integration::DeliveryMode::queue) return left_to_relay();
    return deliver(*alert, bytes);
  }

  // With errors that only concern the connection to TheHive, alerts are stored anyway and filtered
  // when they are sent; with several destinations the others continue.
  bool rules_hold() const {
    return loaded_.errors.empty() ||
           (loaded_.common_errors.empty() && settings().mapping.rules.sets_destination());
  }

  bool goes_to(const std::string& name) const {
    return std::find(destinations_.begin(), destinations_.end(), name) != destinations_.end();
  }

  // With errors in the configuration the rules are unknown: they are applied when the alert is
  // sent.
  void choose_destinations(const wazuh::Alert& alert) {
    if (!loaded_.common_errors.empty()) {
      destinations_ = {spool::kUndecided};
      return;
    }
    mapping::Destinations chosen = mapping::destinations_of(alert, settings().mapping);
    for (const std::string& unknown : chosen.unknown) reporter_.log("WARNING", unknown);
    destinations_ = std::move(chosen.names);
  }

  // The alert is over the cap and durably counted. After any error it is sent as usual.
  bool counted_only(const wazuh::Alert& alert, const std::string& bytes) {
    if (settings().mapping.rate_cap.by.empty()) return false;
    if (!acceptance_.open(spool_dir())) return false;
    spool::Spool& spool = *acceptance_.spool();
    const auto over = grouping::over_cap(spool.env(), spool, settings(), alert, entry_of(bytes));
    if (!over.ok()) {
      reporter_.log("WARNING", "the rate cap does not count: " + over.status().line());
    }
    if (!over.ok() || !*over) return false;
    drain_rarely(spool);
    return true;
  }

  // If all alerts are only counted, nothing else would deliver the queued ones. Round trips for
  // each alert of a flood would take too long, so this is done only when the list of due entries is
  // old.
  void drain_rarely(spool::Spool& spool) {
    if (settings().delivery != integration::DeliveryMode::direct || !loaded_.errors.empty() ||
        !check_target(settings(), home_).ok())
      return;
    if (!delivery::Backlog(spool.env(), spool, settings().retry).list_is_old(wall_now_ms())) return;
    http::Client http(settings().http);
    drain_some(settings(), http);
  }

  // Delivers a few queued alerts, for a short time: integratord waits.
  void drain_some(const integration::Settings& own, http::Client& http) {
    constexpr std::int64_t kShare = 4;
    spool::Entry like = entry_of({});
    like.destination = own.destination;
    const delivery::LogLine log_line = [this](std::string_view level, const std::string& text) {
      reporter_.log_plain(level, text);
    };
    delivery::drain({env_, *acceptance_.spool(), http, own, like, home_, log_line},
                    deadline(own.budget_ms / kShare));
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

  // Not a JSON alert. Input that can never be delivered (empty, text format) is not stored.
  IntakeResult reject_non_alert(std::string& bytes, const Status& why) {
    const auto what = wazuh::classify_not_alert(bytes);
    if (what == wazuh::NotAlert::empty || what == wazuh::NotAlert::text_format) {
      acceptance_.count(spool_dir(), spool::Counted::lost);
      return reporter_.failure(ExitCode::bad_input, why.line());
    }
    accept(bytes);
    if (!acceptance_.stored()) {
      acceptance_.count(spool_dir(), spool::Counted::lost);
      return reporter_.failure(ExitCode::bad_input,
                               why.line() + "; not kept: " + acceptance_.error());
    }
    spool::Reason reason;
    reason.at_ms = wall_now_ms();
    reason.kind = "bad_input";
    reason.message = why.line();
    spool::Spool& spool = *acceptance_.spool();
    std::vector<spool::Claim> claims = acceptance_.take_claims();
    const Status moved = spool.move(std::move(claims.front()), spool::State::corrupt, reason,
                                    spool::Counted::corrupt);
    return reporter_.failure(ExitCode::bad_input,
                             why.line() + (moved.ok() ? "; kept in " : "; kept in queue/ of ") +
                                 spool.dir() + (moved.ok() ? "/corrupt" : ""));
  }

  // Stores the alert durably, or records the reason. A large alert is not copied.
  void accept(std::string& bytes) {
    spool::Entry entry = entry_of({});
    entry.alert = std::move(bytes);
    acceptance_.accept(spool_dir(), settings().bounds, entry, destinations_);
    bytes = std::move(entry.alert);
  }

  IntakeResult misconfigured() {
    if (!acceptance_.stored()) acceptance_.count(spool_dir(), spool::Counted::lost);
    const std::vector<Status> shown = config::shown_errors(loaded_.errors);
    for (std::size_t i = 1; i < shown.size(); ++i) reporter_.log_plain("ERROR", shown[i].line());
    acceptance_.take_claims();  // released for the process that sends it
    return reporter_.failure(ExitCode::usage, loaded_.errors.front().line() + what_becomes_of_it());
  }

  std::string what_becomes_of_it() {
    return acceptance_.stored() ? "; the alert waits in " + acceptance_.spool()->dir() + "/queue"
                                : "; the alert is lost: " + acceptance_.error();
  }

  std::string own_hook_url() const {
    return redact(integration::url_for_spool(call_.hook_url), settings().endpoint.key);
  }

  IntakeResult left_to_relay() {
    if (acceptance_.stored()) return reporter_.success("accepted; socctl relay delivers it");
    acceptance_.count(spool_dir(), spool::Counted::lost);
    return reporter_.failure(ExitCode::failure, "not stored: " + acceptance_.error());
  }

  Deadline deadline(std::int64_t of_budget_ms) const {
    return Deadline::after_ms(started_ms_ + of_budget_ms - steady_now_ms());
  }

  // Sends to each destination in turn. One that does not answer uses only its share of the time.
  IntakeResult deliver(const wazuh::Alert& alert, const std::string& bytes) {
    std::vector<spool::Claim> claims = acceptance_.take_claims();
    std::vector<IntakeResult> results;
    std::unique_ptr<Target> first_arrived;
    for (std::size_t i = 0; i < destinations_.size(); ++i) {
      auto target = std::make_unique<Target>(loaded_, destinations_[i]);
      if (!target->error.ok()) {
        results.push_back(broken(destinations_[i], target->error));
        continue;
      }
      const integration::Settings& own = *target->settings;
      if (own.http.tls.insecure) reporter_.log("WARNING", integration::kInsecure);
      target->http.emplace(own.http);
      std::optional<spool::Claim> claim;
      if (!claims.empty()) claim = std::move(claims[i]);
      const auto open = static_cast<std::int64_t>(destinations_.size() - i);
      const Deadline own_share = Deadline::after_ms(deadline(own.budget_ms).left_ms() / open);
      const Sending sending{env_, acceptance_, reporter_, alert, bytes};
      const Delivered delivered =
          deliver_directly(sending, own, *target->http, std::move(claim), own_share);
      results.push_back(delivered.result);
      if (delivered.arrived && !first_arrived) first_arrived = std::move(target);
    }
    if (first_arrived && acceptance_.stored()) {
      drain_some(*first_arrived->settings, *first_arrived->http);
    }
    return joined(results);
  }

  // An error of one destination does not affect others.
  IntakeResult broken(const std::string& name, const Status& why) {
    if (!acceptance_.stored()) acceptance_.count(spool_dir(), spool::Counted::lost, name);
    return reporter_.failure(ExitCode::usage, why.line() + what_becomes_of_it());
  }

  const std::int64_t started_ms_ = steady_now_ms();
  Env& env_;
  wazuh::Invocation call_;
  std::string home_;
  Reporter reporter_{env_, call_};
  Acceptance acceptance_{env_, home_, reporter_};
  integration::Loaded loaded_;
  std::vector<std::string> destinations_ = {""};
};

}  // namespace

IntakeResult run_intake(Env& env, const std::vector<std::string_view>& args) {
  return Intake(env, args).run();
}

}  // namespace socbridge::intake
