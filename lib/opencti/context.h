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
  std::string via;      // name of the threat in between; empty: directly
  std::string via_id;   // UUID of that threat
  std::string subject;  // STIX id of the indicator or observable; of an indirect link empty
  std::optional<std::int64_t> confidence;
  // Which end the threat is: `indicator indicates threat`, or `threat uses malware` (the malware
  // being the threat in between).
  enum class End { target, source } end = End::target;
  std::vector<std::string> markings;  // of the relationship, the threat, and what is in between
};

// Everything that OpenCTI knows of one value and the token may see.
struct Context {
  Value value;
  std::vector<Observable> observables;
  std::vector<Indicator> indicators;  // of these observables, and those with exactly that pattern
  std::vector<Link> links;            // direct ones first; each threat once per way
  std::vector<Report> reports;
  std::size_t withheld = 0;  // things that were taken out, because of their markings
  // Why it could not be asked for. Then nothing here says that it is not known.
  Status status;

  bool known() const { return !observables.empty() || !indicators.empty(); }
  // There are indicators, and OpenCTI has revoked all of them.
  bool only_revoked() const;
};

// What is read of observables and indicators beside what is cheap.
enum class Detail {
  none,
  references,  // external references of indicators
  all,         // external references and reports of both
};

struct ContextOptions {
  int depth = 2;  // 0: no threats; 1: threats linked to the value; 2: and those linked to these
  Detail detail = Detail::all;
};

struct Contexts {
  std::vector<Context> contexts;   // in the order of the values
  std::vector<std::string> notes;  // what is not complete, for people: limits that were met
};

// Asks for many values: cheap fields of up to 200 values in one query, then indicators based on
// what was found, references and reports of 20 things at a time, the direct links and the indirect
// ones. However many values, no query makes the platform start more than
// 1,000 searches of shards at once, which is what its search engine takes by default. Values over
// 512 characters are asked for by the ids that OpenCTI gives them, two a query. What is too much
// for the platform, or not answered in half the time that is left, is halved. A value that cannot
// be asked for alone has its status; if that happens to three in a row, or to all, it is the error.
// At most 100 direct links a value and 200 indirect ones from 50 things are read.
Result<Contexts> find_context(Client& client, const std::vector<Value>& values,
                              const ContextOptions& options, const Deadline& deadline);

// A FilterGroup in which at least one of the filters holds. Keys and values of one filter are
// alternatives.
struct AnyOf {
  std::vector<std::string> keys, values;
};
std::string filter_group(const std::vector<AnyOf>& filters);

}  // namespace socbridge::opencti
