// SPDX-License-Identifier: Apache-2.0
#include "health/job_runner/expected.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::health::job_runner {
namespace {

constexpr std::array kExpected = {
    Expected{"VirusTotal_GetReport", {"hash", "ip", "domain", "url"}},
    Expected{"AbuseIPDB", {"ip"}},
    Expected{"URLhaus", {"url", "domain"}},
    Expected{"MaxMind_GeoIP", {"ip"}},
    Expected{"FileInfo", {"file"}},
};

}  // namespace

std::span<const Expected> expected_analyzers() { return kExpected; }

Served serve(const std::vector<cortex::Analyzer>& enabled, const Expected& expected) {
  Served out;
  const auto found = std::find_if(enabled.begin(), enabled.end(), [&](const cortex::Analyzer& a) {
    return iequals(a.base(), expected.base) || a.is_called(expected.base);
  });
  if (found == enabled.end()) return out;
  out.by = &*found;
  for (const std::string_view type : expected.types) {
    if (type.empty()) continue;
    std::string& list = found->takes(type) ? out.taken : out.missing;
    list += (list.empty() ? "" : ", ") + std::string(type);
  }
  return out;
}

}  // namespace socbridge::health::job_runner
