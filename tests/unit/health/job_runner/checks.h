// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "health/job_runner/checks.h"

namespace socbridge::health::job_runner::test {

// Keeps what is reported.
struct Checks {
  Report report() {
    return [this](Check check) { all.push_back(std::move(check)); };
  }
  // The first of this check; an empty one if there is none.
  const Check& of(std::string_view name) const {
    for (const Check& one : all) {
      if (one.name == name) return one;
    }
    static const Check none;
    return none;
  }
  // "down: detail", or "" if the check was not made.
  std::string said(std::string_view name) const {
    const Check& one = of(name);
    return one.name.empty() ? "" : std::string(state_name(one.state)) + ": " + one.detail;
  }
  std::vector<Check> all;
};

}  // namespace socbridge::health::job_runner::test
