// SPDX-License-Identifier: Apache-2.0
#include "intake/acceptance.h"

#include "base/text.h"
#include "base/time.h"

namespace socbridge::intake {

bool Acceptance::open(const std::string& dir) {
  if (spool_) return true;
  // On a machine without Wazuh no process would deliver stored alerts.
  if (dir.starts_with(home_ + "/") && !env_.stat(home_).ok()) {
    error_ = "there is no Wazuh at " + printable(home_) + "; set SOCBRIDGE_WAZUH_HOME";
    return false;
  }
  auto spool = spool::Spool::open(env_, dir);
  if (!spool.ok()) {
    error_ = spool.status().line();
    return false;
  }
  spool_.emplace(std::move(*spool));
  return true;
}

void Acceptance::count(const std::string& dir, spool::Counted counted,
                       const std::string& destination) {
  const bool there = spool_ || env_.stat(dir + "/counts").ok();
  if (there && open(dir)) spool_->counts(destination).add(counted);
}

// Failures in the spool explain why alerts wait. One line per cause; the reason why this alert is
// not stored is reported with the alert.
void Acceptance::log_failures() {
  spool_->failures().set_report([this](spool::CallFailures::Event event, const std::string& line) {
    if (event == spool::CallFailures::Event::failed) reporter_.log("ERROR", line);
  });
}

void Acceptance::accept(const std::string& dir, const spool::Bounds& bounds, spool::Entry& entry,
                        const std::vector<std::string>& destinations) {
  if (!open(dir)) return;
  accepted_ms_ = wall_now_ms();
  if (const Status room =
          spool_->admit(entry.alert.size(), bounds, accepted_ms_, destinations.size());
      !room.ok()) {
    full_ = true;
    error_ = room.line();
    return;
  }
  entry.accepted_ms = accepted_ms_;
  auto claims = spool_->accept_each(entry, destinations);
  if (!claims.ok()) {
    error_ = claims.status().line();
    return;
  }
  claims_ = std::move(*claims);
  stored_ = true;
  log_failures();
}

}  // namespace socbridge::intake
