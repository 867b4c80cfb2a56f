// SPDX-License-Identifier: Apache-2.0
#include "delivery/synthetic_alert.h"

#include <catch2/catch.hpp>

#include "mapping/mapping.h"
#include "wazuh/alert.h"

using namespace socbridge;

namespace {

constexpr UnixMillis kAt = 1767225600123;

std::string reference(const delivery::Mark& mark, std::string_view nonce, std::string_view alias) {
  const auto alert = wazuh::Alert::parse(delivery::make_synthetic_alert(mark, kAt, 12, nonce));
  REQUIRE(alert.ok());
  return wazuh::source_ref(*alert, alias);
}

}  // namespace

TEST_CASE("only its reference identifies a test alert") {
  for (const std::string_view alias : {"", "soc-1"}) {
    CHECK(delivery::synthetic_alert_time(delivery::kCanaryMark,
                                         reference(delivery::kCanaryMark, "77", alias),
                                         alias) == kAt / 1000 * 1000);
  }
  CHECK(delivery::synthetic_alert_time(delivery::kCanaryMark,
                                       reference(delivery::kCanaryMark, "77", "a"), "b") == -1);
  // An alert of a real manager with the very same id.
  const auto other = wazuh::Alert::parse(
      R"({"id":"1767225600.77","manager":{"name":"wazuh-01"},"rule":{"id":"1"}})");
  REQUIRE(other.ok());
  CHECK(delivery::synthetic_alert_time(delivery::kCanaryMark, wazuh::source_ref(*other), "") == -1);
  for (const char* text :
       {"", "-", ".", "1.2", "a.b-c", "1767225600.77-", "99999999999999999999.1-0",
        "1767225600.77-0123456789abcdef", "-.1", "x-00000000000000000000000000000000"}) {
    INFO(text);
    CHECK(delivery::synthetic_alert_time(delivery::kCanaryMark, text, "") == -1);
  }
}

TEST_CASE("marks are distinguished by rule and group") {
  const auto test = delivery::make_synthetic_alert(delivery::kTestMark, kAt, 3, "1");
  const auto canary = delivery::make_synthetic_alert(delivery::kCanaryMark, kAt, 3, "1");
  CHECK(test.find(R"("id":"100999")") != std::string::npos);
  CHECK(canary.find("socbridge_canary") != std::string::npos);
  CHECK(canary.find("socbridge_test") == std::string::npos);
}
