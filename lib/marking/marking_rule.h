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

// What may be written into an alert or case: nothing with a higher TLP or PAP than its own. Levels
// as in opencti::MarkingLevel.
struct PlaceLimits {
  int tlp = 0, pap = 0;
};

// TheHive's TLP as that level: before version 5.2 there was no amber+strict, and 3 was red.
int tlp_level(std::int64_t tlp, bool five_levels);

// As the alert or case is now. Errors: those of Client::query(); not there any more (bad_input).
Result<PlaceLimits> read_limits(thehive::Client& client, const thehive::Subject& subject,
                                const Deadline& deadline);

struct MarkingRule {
  enum class Limit {
    place,  // the TLP and PAP of the alert or case
    any,    // everything may be written
  };
  Limit limit = Limit::place;
  std::optional<int> most_tlp;        // a TLP level that is never exceeded, whatever the place
  std::vector<std::string> withheld;  // names or STIX ids of markings that are never written
};

// `case`, `any`, or a TLP such as `TLP:GREEN`, which holds beside the limits of the place. Errors
// are usage.
Status read_marking_limit(std::string_view text, MarkingRule& rule);

// Whether a thing with these markings (names or STIX ids) may be written there. What has no marking
// may. Of a TLP or PAP whose level is not known, and of an id whose name is not known, it is not
// known how far it may go: it may not. Other markings limit nothing unless the rule names them.
bool may_show(const MarkingRule& rule, const std::vector<std::string>& markings,
              const PlaceLimits& place);

}  // namespace socbridge::marking
