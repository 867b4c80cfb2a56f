// SPDX-License-Identifier: Apache-2.0
#include "intake/direct_delivery.h"

#include <utility>

#include "delivery/sender.h"
#include "intake/intake_report.h"

namespace socbridge::intake {

// The top-level destination is not named.
std::string DirectDelivery::named(const std::string& text) const {
  return settings_.destination.empty() ? text : settings_.destination + ": " + text;
}

std::string DirectDelivery::kept(const char* state) const {
  return "; kept in " + sending_.acceptance.spool()->dir() + "/" + state;
}

Delivered DirectDelivery::run(std::optional<spool::Claim> claim, const Deadline& deadline) {
  delivery::SendPolicy policy;
  spool::Spool* const spool = sending_.acceptance.spool();
  if (spool != nullptr) {
    policy.spool = spool;
  } else {
    policy.spool_dir = settings_.spool_dir;
    policy.breaker = delivery::SendPolicy::Breaker::report;
    policy.memory = delivery::SendPolicy::Memory::none;
  }
  if (!claim) policy.without_lock = delivery::WithoutLock::send;
  policy.log = [this](std::string_view level, const std::string& text) {
    sending_.reporter.log(level, text);
  };
  delivery::AlertInput input;
  input.raw = sending_.bytes;
  input.alert = &sending_.alert;
  input.filter = delivery::Filter::passed;
  delivery::Sender sender(sending_.env, http_, settings_, std::move(policy));
  if (!claim) return unstored_result(sender.send(input, deadline.left_ms()));
  return stored_result(
      sender.send(input, {*spool, std::move(*claim), sending_.acceptance.accepted_ms()}, deadline));
}

Delivered DirectDelivery::stored_result(const delivery::Report& report) const {
  using Postponed = delivery::Outcome::Postponed;
  const Reporter& reporter = sending_.reporter;
  const delivery::Outcome& outcome = report.outcome;
  if (outcome.arrived()) return {reporter.success(named(result_name(outcome))), true};
  if (!report.decision) {  // no permit of the circuit breaker
    const std::string text = named("not delivered yet: " + outcome.message + kept());
    if (outcome.postponed == Postponed::probing) reporter.log("WARNING", text);
    return {reporter.success(text)};
  }
  reporter.log_remarks();
  if (outcome.promotion == delivery::Outcome::Promotion::open &&
      report.decision->disposition == delivery::Disposition::retry) {
    if (outcome.tried()) reporter.log("WARNING", named(outcome.message + kept()));
    return {reporter.success(named("delivered, not in its case yet" + kept()))};
  }
  if (report.decision->disposition == delivery::Disposition::dead) {
    reporter.log("ERROR", named("refused: " + outcome.message));
    return {reporter.success(named("refused by TheHive" + kept("dead")))};
  }
  // A refused key is logged once, not for each alert; that another process is sending is not an
  // error.
  const bool busy = !outcome.tried() && outcome.postponed != Postponed::no_time;
  if (outcome.kind != delivery::Outcome::Kind::key_refused && !busy) {
    reporter.log("ERROR", named("not delivered: " + outcome.message + kept()));
  }
  return {reporter.success(named("not delivered: " + failure_in_own_words(outcome) + kept()))};
}

Delivered DirectDelivery::unstored_result(const delivery::Outcome& outcome) const {
  using Postponed = delivery::Outcome::Postponed;
  using Kind = delivery::Outcome::Kind;
  Acceptance& acceptance = sending_.acceptance;
  const Reporter& reporter = sending_.reporter;
  acceptance.count(settings_.spool_dir,
                   !outcome.in_thehive()             ? spool::Counted::lost
                   : outcome.kind == Kind::duplicate ? spool::Counted::duplicate
                                                     : spool::Counted::created,
                   settings_.destination);
  if (!outcome.arrived() && outcome.in_thehive()) {
    reporter.log("ERROR", named(outcome.message +
                                "; it is not stored for another attempt: socctl "
                                "alert promote " +
                                outcome.alert_id));
  }
  if (outcome.in_thehive()) {
    reporter.log("WARNING", named(std::string("delivered without being stored first, the spool ") +
                                  (acceptance.full() ? "accepts nothing: " : "is unusable: ") +
                                  acceptance.error()));
    return {reporter.success(named(outcome.arrived() ? result_name(outcome) : "created")), true};
  }
  reporter.log_remarks();
  reporter.log("ERROR", named("not delivered and not stored: " + outcome.message +
                              "; spool: " + acceptance.error()));
  const bool blocked =
      outcome.kind == Kind::postponed &&
      (outcome.postponed == Postponed::breaker_open ||
       outcome.postponed == Postponed::key_refused || outcome.postponed == Postponed::probing);
  const std::string why =
      blocked ? "the circuit breaker for TheHive is open" : failure_in_own_words(outcome);
  return {{acceptance.full() || blocked ? ExitCode::failure : exit_code(outcome),
           reporter.line(
               named("not delivered and not stored: " + why + "; spool: " + acceptance.error()))}};
}

}  // namespace socbridge::intake
