// SPDX-License-Identifier: Apache-2.0
#include "intake/intake_report.h"

#include <catch2/catch.hpp>

namespace socbridge::intake {
using delivery::Outcome;
using Kind = Outcome::Kind;

namespace {
std::string ids(const char* id, const char* rule) {
  wazuh::Alert alert;
  alert.id = id;
  alert.rule_id = rule;
  return alert_ids(alert);
}
}  // namespace

TEST_CASE("only ids made as Wazuh makes them are shown") {
  CHECK(ids("1741938001.1201", "5710") == " (alert 1741938001.1201, rule 5710)");
  CHECK(ids("", "5710") == " (rule 5710)");
  CHECK(ids("1741938001.1201", "") == " (alert 1741938001.1201)");
  for (const char* bad : {"evil", "1.2x", ".1", "1.", "1.2.3", "1 .2", "-1.2",
                          "123456789012345678901.1", "1\x1b[2J.2"}) {
    INFO(bad);
    CHECK(ids(bad, "5710; rm") == "");
  }
  CHECK(ids("", "1234567890123") == "");
}

TEST_CASE("the server's words are not in the line for the pipe") {
  Outcome outcome;
  outcome.message = "AttributeCheckingError evil text";
  for (const Kind kind : {Kind::failed, Kind::alert_failed, Kind::key_refused, Kind::wrong_url,
                          Kind::reduced, Kind::refused, Kind::too_large, Kind::blocked}) {
    outcome.kind = kind;
    outcome.http_status = 418;
    const std::string text = failure_in_own_words(outcome);
    CHECK(text.find("evil") == std::string::npos);
    CHECK(text.find("418") != std::string::npos);
  }
  outcome.http_status = 0;
  outcome.message = "cannot connect to 192.0.2.1";
  CHECK(failure_in_own_words(outcome) == "cannot connect to 192.0.2.1");
}

}  // namespace socbridge::intake
