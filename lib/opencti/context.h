#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "opencti/client.h"
#include "opencti/knowledge.h"
#include "opencti/value.h"

namespace socbridge::opencti {

// How a threat is linked to a value.
struct Link {
  Threat threat;
  std::string kind;     // `indicates`, `uses`, …
  std::string via;      // name of the threat in between; empty: directly
  std::string subject;  // STIX id of the indicator or observable; of an indirect link empty
  std::optional<std::int64_t> confidence;
};

// Everything that OpenCTI knows of one value and the token may see.
struct Context {
  Value value;
  std::vector<Observable> observables;
  std::vector<Indicator> indicators;  // of these observables, and those with exactly that pattern
  std::vector<Link> links;            // direct ones first; each threat once per way
  std::vector<Report> reports;
  bool known() const { return !observables.empty() || !indicators.empty(); }
};

struct ContextOptions {
  int depth = 2;  // 0: no threats; 1: threats linked to the value; 2: and those linked to these
};

struct Contexts {
  std::vector<Context> contexts;   // in the order of the values
  std::vector<std::string> notes;  // what is not complete, for people: limits that were met
};

// Asks for many values in few round trips: up to 200 values in one query, one query for the direct
// links, one for the indirect ones (OpenCTI facts 2.2 to 2.5). Values over 512 characters are asked
// for by the ids that OpenCTI gives them, two a query. If the platform finds a search too complex,
// it is halved. At most 100 direct links a value and 200 indirect ones from 50 things are read.
Result<Contexts> find_context(Client& client, const std::vector<Value>& values,
                              const ContextOptions& options, const Deadline& deadline);

// A FilterGroup in which at least one of the filters holds. Keys and values of one filter are
// alternatives.
struct AnyOf {
  std::vector<std::string> keys, values;
};
std::string filter_group(const std::vector<AnyOf>& filters);

}  // namespace socbridge::opencti
