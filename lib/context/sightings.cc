// SPDX-License-Identifier: Apache-2.0
#include "context/sightings.h"

#include <algorithm>

namespace socbridge::context {

std::vector<opencti::Seen> seen_of(const Target& target) {
  std::vector<opencti::Seen> out;
  for (const thehive::ObservableInfo& one : target.observables) {
    if (!one.ioc && !one.sighted) continue;
    opencti::Seen seen;
    seen.value = value_of(one);
    seen.tlp = one.tlp;
    seen.ioc = one.ioc;
    seen.at_ms = one.created_ms != 0 ? one.created_ms : target.date_ms;
    seen.description = "Seen in " + target.key;
    const auto twice = std::find_if(out.begin(), out.end(), [&](const opencti::Seen& other) {
      return other.value.type == seen.value.type && other.value.text == seen.value.text;
    });
    if (twice == out.end()) {
      out.push_back(std::move(seen));
    } else {
      twice->ioc = twice->ioc || seen.ioc;
      twice->tlp = std::max(twice->tlp, seen.tlp);
    }
  }
  return out;
}

}  // namespace socbridge::context
