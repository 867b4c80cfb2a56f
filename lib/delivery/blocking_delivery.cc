// SPDX-License-Identifier: Apache-2.0
#include "delivery/blocking_delivery.h"

#include <utility>

#include "delivery/backlog.h"
#include "integration/settings_lookup.h"

namespace socbridge::delivery {
namespace {

void set_damaged_aside(spool::Spool& spool, spool::Claim claim, const Status& why,
                       const LogLine& log) {
  const std::string id = claim.id();
  if (why.code() != ExitCode::bad_input) {
    log("WARNING", "cannot read entry " + id + ": " + why.line());
    return;
  }
  spool::Reason reason;
  reason.at_ms = wall_now_ms();
  reason.kind = "damaged";
  reason.message = why.message();
  const Status moved = spool.move(std::move(claim), spool::State::corrupt, reason);
  log("ERROR", "entry " + id + " cannot be sent: " + why.message() +
                   (moved.ok() ? "; kept in " + spool.dir() + "/corrupt" : "; " + moved.line()));
}

}  // namespace

BlockingDelivery::BlockingDelivery(Env& env, spool::Spool& spool, http::Client& http,
                                   const integration::Settings& settings, LogLine log)
    : env_(env),
      spool_(spool),
      http_(http),
      settings_(settings),
      log_(std::move(log)),
      entrance_(env, spool.dir(), http, settings),
      versions_(ServerVersionCache::of(env, spool.state_dir(), settings)) {}

void BlockingDelivery::tell(const Attempt& attempt) {
  if (const auto notice = entrance_.report(attempt)) {
    log_(notice->good ? "INFO" : "ERROR", notice->text);
  }
}

void BlockingDelivery::log_fate(const Report& report) {
  const Attempt& attempt = report.attempt;
  if (!attempt.remark.empty()) log_("WARNING", attempt.remark);
  if (!report.settled.ok()) {
    log_("WARNING", "the queue was not brought up to date: " + report.settled.line());
  }
  if (report.decision.fate == Fate::delivered && !attempt.left_out.empty() && !attempt.looked_up) {
    log_("WARNING",
         "delivered " + attempt.source_ref +
             " in part, since TheHive refused it as it was: " + describe_parts(attempt.left_out));
  }
  if (report.decision.fate == Fate::dead && report.settled.ok()) {
    log_("ERROR", "given up: " + report.decision.reason.message + "; kept in " + spool_.dir() +
                      "/dead/" + report.id);
  }
}

std::optional<Report> BlockingDelivery::carry(spool::Claim claim, std::string_view raw_alert,
                                              UnixMillis accepted_ms, const Deadline& deadline,
                                              const wazuh::Alert* alert) {
  // Kept until the destination knows.
  const auto pass = entrance_.enter(deadline);
  if (!pass) return {};
  EntryDelivery shipment(env_, spool_, std::move(claim), raw_alert, accepted_ms, settings_,
                         versions_, alert);
  Report report = deliver(shipment, http_, deadline);
  tell(report.attempt);
  log_fate(report);
  return report;
}

std::optional<Attempt> BlockingDelivery::carry_unstored(const wazuh::Alert& alert,
                                                        const Deadline& deadline) {
  const auto pass = entrance_.enter(deadline);
  if (!pass && !entrance_.has_no_lock()) return {};
  Attempt result = attempt(env_, alert, settings_, http_, spool_.state_dir(), deadline);
  if (!result.remark.empty()) log_("WARNING", result.remark);
  // Without a log line: the caller has to tell the same, and worse.
  static_cast<void>(entrance_.report(result));
  return result;
}

int drain(Env& env, spool::Spool& spool, http::Client& http, const integration::Settings& own,
          const spool::Entry& like, const std::string& home, const Deadline& deadline,
          const LogLine& log) {
  constexpr int kMostSkipped = 8;
  Backlog backlog(spool.env(), spool, own.retry);
  std::optional<integration::SettingsLookup> accounts;
  int arrived_count = 0;
  int skipped = 0;
  for (int tried = 0; tried < own.drain_max && skipped < kMostSkipped && !deadline.passed();) {
    auto claim = backlog.next(wall_now_ms());
    if (!claim) break;
    const auto entry = spool.load(*claim);
    if (!entry.ok()) {
      set_damaged_aside(spool, std::move(*claim), entry.status(), log);
      ++skipped;
      continue;
    }
    std::shared_ptr<const integration::Settings> others;
    std::optional<http::Client> other_http;
    const bool same_url =
        entry->integration == like.integration && entry->hook_url == like.hook_url;
    if (!same_url || entry->options != like.options) {
      if (!accounts) accounts.emplace(env, home);
      auto found = accounts->of(*entry);
      if (found.ok()) {
        others = std::move(*found);
        other_http.emplace(others->http);
      } else if (!same_url) {  // for whoever has the key
        ++skipped;
        continue;
      }
    }
    ++tried;
    BlockingDelivery courier(spool.env(), spool, other_http ? *other_http : http,
                             others ? *others : own, log);
    const auto report =
        courier.carry(std::move(*claim), entry->alert, entry->accepted_ms, deadline);
    if (!report) {
      if (!others) break;
      continue;
    }
    if (arrived(report->attempt)) ++arrived_count;
    const bool failed = report->attempt.tried && report->decision.fate == Fate::again;
    if (failed && !report->attempt.alone && !others) break;
  }
  return arrived_count;
}

}  // namespace socbridge::delivery
