// SPDX-License-Identifier: Apache-2.0
#include "intake/direct_delivery.h"

#include <utility>

#include "delivery/sender.h"
#include "intake/intake_report.h"

namespace socbridge::intake {
namespace {

// The top-level destination is not named.
std::string named(const integration::Settings& settings, const std::string& text) {
  return settings.destination.empty() ? text : settings.destination + ": " + text;
}

std::string kept(const Sending& sending, const char* state = "queue") {
  return "; kept in " + sending.acceptance.spool()->dir() + "/" + state;
}

Delivered stored_result(const Sending& sending, const integration::Settings& settings,
                        const delivery::Report& report) {
  using Postponed = delivery::Outcome::Postponed;
  const Reporter& reporter = sending.reporter;
  const delivery::Outcome& outcome = report.outcome;
  if (outcome.arrived()) return {reporter.success(named(settings, result_name(outcome))), true};
  if (!report.decision) {  // no permit of the circuit breaker
    const std::string text =
        named(settings, "not delivered yet: " + outcome.message + kept(sending));
    if (outcome.postponed == Postponed::probing) reporter.log("WARNING", text);
    return {reporter.success(text)};
  }
  reporter.log_remarks();
  if (outcome.promotion == delivery::Outcome::Promotion::open &&
      report.decision->disposition == delivery::Disposition::retry) {
    if (outcome.tried()) reporter.log("WARNING", named(settings, outcome.message + kept(sending)));
    return {reporter.success(named(settings, "delivered, not in its case yet" + kept(sending)))};
  }
  if (report.decision->disposition == delivery::Disposition::dead) {
    reporter.log("ERROR", named(settings, "refused: " + outcome.message));
    return {reporter.success(named(settings, "refused by TheHive" + kept(sending, "dead")))};
  }
  // A refused key is logged once, not for each alert; that another process is sending is not an
  // error.
  const bool busy = !outcome.tried() && outcome.postponed != Postponed::no_time;
  if (outcome.kind != delivery::Outcome::Kind::key_refused && !busy) {
    reporter.log("ERROR", named(settings, "not delivered: " + outcome.message + kept(sending)));
  }
  return {reporter.success(
      named(settings, "not delivered: " + failure_in_own_words(outcome) + kept(sending)))};
}

Delivered unstored_result(const Sending& sending, const integration::Settings& settings,
                          const delivery::Outcome& outcome) {
  using Postponed = delivery::Outcome::Postponed;
  using Kind = delivery::Outcome::Kind;
  Acceptance& acceptance = sending.acceptance;
  const Reporter& reporter = sending.reporter;
  acceptance.count(settings.spool_dir,
                   !outcome.in_thehive()             ? spool::Counted::lost
                   : outcome.kind == Kind::duplicate ? spool::Counted::duplicate
                                                     : spool::Counted::created,
                   settings.destination);
  if (!outcome.arrived() && outcome.in_thehive()) {
    reporter.log("ERROR", named(settings, outcome.message +
                                              "; it is not stored for another attempt: socctl "
                                              "alert promote " +
                                              outcome.alert_id));
  }
  if (outcome.in_thehive()) {
    reporter.log("WARNING",
                 named(settings, std::string("delivered without being stored first, the spool ") +
                                     (acceptance.full() ? "accepts nothing: " : "is unusable: ") +
                                     acceptance.error()));
    return {reporter.success(named(settings, outcome.arrived() ? result_name(outcome) : "created")),
            true};
  }
  reporter.log_remarks();
  reporter.log("ERROR", named(settings, "not delivered and not stored: " + outcome.message +
                                            "; spool: " + acceptance.error()));
  const bool blocked =
      outcome.kind == Kind::postponed &&
      (outcome.postponed == Postponed::breaker_open ||
       outcome.postponed == Postponed::key_refused || outcome.postponed == Postponed::probing);
  const std::string why =
      blocked ? "the circuit breaker for TheHive is open" : failure_in_own_words(outcome);
  return {{acceptance.full() || blocked ? ExitCode::failure : exit_code(outcome),
           reporter.line(named(settings, "not delivered and not stored: " + why +
                                             "; spool: " + acceptance.error()))}};
}

}  // namespace

Delivered deliver_directly(const Sending& sending, const integration::Settings& settings,
                           http::Client& http, std::optional<spool::Claim> claim,
                           const Deadline& deadline) {
  delivery::SendPolicy policy;
  spool::Spool* const spool = sending.acceptance.spool();
  if (spool != nullptr) {
    policy.spool = spool;
  } else {
    policy.spool_dir = settings.spool_dir;
    policy.breaker = delivery::SendPolicy::Breaker::report;
    policy.memory = delivery::SendPolicy::Memory::none;
  }
  if (!claim) policy.without_lock = delivery::WithoutLock::send;
  policy.log = [&sending](std::string_view level, const std::string& text) {
    sending.reporter.log(level, text);
  };
  delivery::AlertInput input;
  input.raw = sending.bytes;
  input.alert = &sending.alert;
  input.filter = delivery::Filter::passed;
  delivery::Sender sender(sending.env, http, settings, std::move(policy));
  if (!claim) return unstored_result(sending, settings, sender.send(input, deadline.left_ms()));
  return stored_result(
      sending, settings,
      sender.send(input, {*spool, std::move(*claim), sending.acceptance.accepted_ms()}, deadline));
}

}  // namespace socbridge::intake
