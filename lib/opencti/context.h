// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "opencti/client.h"
#include "opencti/entities.h"
#include "opencti/stix/value.h"

namespace socbridge::opencti {

// How a threat is linked to a value.
struct Link {
  Threat threat;
  std::string kind;     // `indicates`, `uses`, …
  std::string via;      // name of the intermediate threat; empty: directly linked
  std::string via_id;   // UUID of that threat
  std::string subject;  // STIX id of the indicator or observable; empty for an indirect link
  std::optional<std::int64_t> confidence;
  // Which end the threat is: `indicator indicates threat`, or `threat uses malware`, where the
  // malware is the intermediate threat.
  enum class End { target, source } end = End::target;
  std::vector<std::string>
      markings;  // of the relationship, the threat, and the intermediate threat
};

// What OpenCTI knows of one value, as far as the token may see it.
struct Context {
  Value value;
  std::vector<Observable> observables;
  std::vector<Indicator> indicators;  // of these observables, and those with exactly that pattern
  std::vector<Link> links;            // direct ones first; each threat once per path
  std::vector<Report> reports;
  std::size_t withheld = 0;  // objects that were removed because of their markings
  // Why the lookup failed. Then an empty result does not mean that the value is unknown.
  Status status;

  bool known() const { return !observables.empty() || !indicators.empty(); }
  // There are indicators, and all of them are revoked.
  bool only_revoked() const;
};

// What is read of observables and indicators in addition to the cheap fields.
enum class Detail {
  none,
  references,  // external references of indicators
  all,         // external references and reports of both
};

struct ContextOptions {
  int depth = 2;  // 0: no threats; 1: threats linked to the value; 2: also threats linked to these
  Detail detail = Detail::all;
};

struct Contexts {
  std::vector<Context> contexts;  // in the order of the values
  std::vector<std::string>
      notes;  // which results are incomplete, for people: limits that were reached
};

// Looks up many values. The first queries read cheap fields of up to 200 values each. Further
// queries read indicators based on the found observables, references and reports of 20 objects at a
// time, direct links and indirect links. No query makes the platform start more than 1,000 shard
// searches at once, the default limit of its search engine. Values over 512 characters are looked
// up by OpenCTI's ids, two per query. A query is halved if the platform refuses its size or does
// not answer within half of the remaining time. A value that fails on its own gets a status. Three
// such values in a row, or all of them, are an error. At most 100 direct links per value and 200
// indirect ones from 50 objects are read.
Result<Contexts> find_context(Client& client, const std::vector<Value>& values,
                              const ContextOptions& options, const Deadline& deadline);

// A FilterGroup that matches if at least one filter does. Keys and values of one filter are
// alternatives.
struct AnyOf {
  std::vector<std::string> keys, values;
};
std::string filter_group(const std::vector<AnyOf>& filters);

}  // namespace socbridge::opencti
