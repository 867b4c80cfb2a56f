// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "health/job_runner/finding.h"

namespace socbridge::health::job_runner::test {

// Keeps what is reported.
struct Findings {
  Report report() {
    return [this](Finding finding) { all.push_back(std::move(finding)); };
  }
  // The first of this check; an empty one if there is none.
  const Finding& of(std::string_view check) const {
    for (const Finding& one : all) {
      if (one.check == check) return one;
    }
    static const Finding none;
    return none;
  }
  // "bad: text", or "" if the check was not made.
  std::string said(std::string_view check) const {
    const Finding& one = of(check);
    return one.check.empty() ? "" : std::string(state_name(one.state)) + ": " + one.text;
  }
  std::vector<Finding> all;
};

}  // namespace socbridge::health::job_runner::test
