// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cortex/analyzer.h"

namespace socbridge::health::job_runner {

// An analyzer that the SOC requires, with the data types that it must accept (docs/cortex.md).
struct Expected {
  std::string_view base;                  // its definition without version
  std::array<std::string_view, 4> types;  // unused ones are empty
};
std::span<const Expected> expected_analyzers();

// How the enabled analyzers meet one requirement.
struct Served {
  const cortex::Analyzer* by = nullptr;  // null: not enabled
  std::string taken, missing;            // its data types: "hash, ip"
};
Served serve(const std::vector<cortex::Analyzer>& enabled, const Expected& expected);

}  // namespace socbridge::health::job_runner
