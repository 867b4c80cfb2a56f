// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "json/value.h"
#include "rules/fault.h"
#include "rules/template.h"
#include "wazuh/alert.h"

namespace socbridge::rules::test {

inline wazuh::Alert parse(std::string_view text) {
  auto alert = wazuh::Alert::parse(text);
  INFO(text.substr(0, 200));
  REQUIRE(alert.ok());
  return std::move(*alert);
}

inline json::Document json_of(const std::string& text) {
  auto document = json::Document::parse(text);
  INFO(text);
  REQUIRE(document.ok());
  return std::move(*document);
}

// All errors, one a line: "rules[0].set: what; hint".
inline std::string lines(const Faults& faults) {
  std::string out;
  for (const Fault& fault : faults.list()) {
    out += (out.empty() ? "" : "\n") + line_of(fault);
    if (!fault.hint.empty()) out += "; " + fault.hint;
  }
  return out;
}

}  // namespace socbridge::rules::test
