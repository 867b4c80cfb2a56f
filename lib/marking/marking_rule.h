// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "thehive/client.h"
#include "thehive/subject.h"

namespace socbridge::marking {

// Highest TLP and PAP of what may be written into an alert or case: its own. Levels as in
// opencti::MarkingLevel.
struct PlaceLimits {
  int tlp = 0, pap = 0;
};

// TheHive's TLP as that level. Before version 5.2 there was no amber+strict, and 3 was red.
int tlp_level(std::int64_t tlp, bool five_levels);

// The current limits of the alert or case. Errors: those of Client::query(); bad_input if it no
// longer exists.
Result<PlaceLimits> read_limits(thehive::Client& client, const thehive::Subject& subject,
                                const Deadline& deadline);

struct MarkingRule {
  enum class Limit {
    place,  // the TLP and PAP of the alert or case
    any,    // everything may be written
  };
  Limit limit = Limit::place;
  std::optional<int> most_tlp;        // a TLP level that is never exceeded, whatever the place's
  std::vector<std::string> withheld;  // names or STIX ids of markings that are never written
};

// `case`, `any`, or a TLP such as `TLP:GREEN`, which applies in addition to the limits of the
// place. Errors: usage.
Status read_marking_limit(std::string_view text, MarkingRule& rule);

// Whether an object with these markings (names or STIX ids) may be written there. Without markings
// it may. It may not if the level of a TLP or PAP, or the name of an id, is unknown. Other markings
// do not matter unless the rule withholds them.
bool may_show(const MarkingRule& rule, const std::vector<std::string>& markings,
              const PlaceLimits& place);

}  // namespace socbridge::marking
