// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "intake/intake_report.h"

namespace socbridge::relay {
using namespace socbridge::delivery;
using namespace socbridge::grouping;
using namespace socbridge::intake;
using namespace socbridge::integration;

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
  Attempt attempt;
  attempt.delivery.message = "AttributeCheckingError evil text";
  for (const auto verdict : {thehive::Verdict::retry, thehive::Verdict::auth,
                             thehive::Verdict::refused, thehive::Verdict::too_large}) {
    attempt.delivery.verdict = verdict;
    attempt.delivery.http_status = 418;
    const std::string text = failure_in_own_words(attempt);
    CHECK(text.find("evil") == std::string::npos);
    CHECK(text.find("418") != std::string::npos);
  }
  attempt.delivery.http_status = 0;
  attempt.delivery.message = "cannot connect to 192.0.2.1";
  CHECK(failure_in_own_words(attempt) == "cannot connect to 192.0.2.1");
}

TEST_CASE("exit codes of what could be neither delivered nor stored") {
  Attempt attempt;
  attempt.delivery.verdict = thehive::Verdict::retry;
  CHECK(failure_code(attempt) == ExitCode::unreachable);
  attempt.delivery.verdict = thehive::Verdict::auth;
  CHECK(failure_code(attempt) == ExitCode::auth);
  attempt.delivery.verdict = thehive::Verdict::refused;
  CHECK(failure_code(attempt) == ExitCode::refused);
  attempt.delivery.verdict = thehive::Verdict::duplicate;
  CHECK(failure_code(attempt) == ExitCode::ok);
}

}  // namespace socbridge::relay
