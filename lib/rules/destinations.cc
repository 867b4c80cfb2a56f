// SPDX-License-Identifier: Apache-2.0
#include "rules/destinations.h"

#include <algorithm>
#include <utility>

#include "base/joined.h"
#include "base/text.h"
#include "rules/reading.h"

namespace socbridge::rules {
Destinations destinations_of(const Subject& subject, const RuleSet& rules,
                             const std::vector<std::string>& configured) {
  Destinations out;
  DestinationChoice addressed = rules.choose_destinations(subject);
  out.rule = std::move(addressed.rule);
  out.remarks = std::move(addressed.remarks);
  if (addressed.names.empty()) return out;
  out.names.clear();
  for (std::string& name : addressed.names) {
    if (name == kTopLevel) {
      name.clear();
    } else if (!contains(configured, name)) {
      out.unknown.push_back(out.rule + ": there is no destination " + quoted(name) +
                            "; the alert goes to " + std::string(kTopLevel));
      out.remarks.push_back(out.unknown.back());
      name.clear();
    }
    if (!contains(out.names, name)) out.names.push_back(std::move(name));
  }
  return out;
}

}  // namespace socbridge::rules
