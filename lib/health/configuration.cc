// SPDX-License-Identifier: Apache-2.0
#include "health/configuration.h"

#include <utility>

#include "profile/variables.h"

namespace socbridge::health {

namespace {

// The check of a Wazuh manager whose home this user may not read.
const Check* closed_home(const Summary& summary) {
  for (const Report& report : summary.reports) {
    if (report.component != "wazuh") continue;
    for (const Check& check : report.checks) {
      if (check.name == "home") return &check;
    }
  }
  return nullptr;
}

}  // namespace

void add_configuration_report(Summary& summary, const profile::SystemPaths& system) {
  Report report;
  report.component = "configuration";
  report.title = "Configuration";
  for (const profile::MisspeltVariable& one : profile::misspelt_variables(system)) {
    const Status wrong = profile::misspelt_status(one);
    report.checks.push_back({"variable " + one.name, State::unknown, Cause::configuration,
                             wrong.message(), wrong.hint()});
  }
  const Check* home = summary.state() == State::skipped ? closed_home(summary) : nullptr;
  if (home != nullptr) {
    report.checks.push_back({"components", State::unknown, Cause::configuration,
                             "no component was checked: " + home->detail, home->next});
  } else if (summary.state() == State::skipped) {
    report.checks.push_back(
        {"components", State::unknown, Cause::configuration,
         "nothing is configured: no component was checked",
         "set SOCCTL_THEHIVE_URL and SOCCTL_THEHIVE_KEY_FILE, or write it into "
         "~/.config/socctl/config.json; socctl health -a says how for each component"});
  }
  if (report.checks.empty()) return;
  summary.reports.insert(summary.reports.begin(), std::move(report));
}

}  // namespace socbridge::health
