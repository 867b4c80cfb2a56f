// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "opencti/client.h"
#include "opencti/stix/value.h"

namespace socbridge::opencti {

// One thing that was seen.
struct Seen {
  Value value;
  int tlp = 2;  // TheHive's levels: 0 clear … 3 amber+strict, 4 red
  bool ioc = false;
  UnixMillis at_ms = 0;
  std::string description;
};

// Where it was seen, and where that is written down. The reference is what makes a sighting known
// again, so it must be the same at every call: `external_id` names the case or alert.
struct SightingPlace {
  std::string system;  // name of the identity of class system
  std::string reference_url, reference_id;
};

enum class SightingResult { created, present, would_create, skipped, refused };
const char* sighting_result_name(SightingResult result);
struct Outcome {
  SightingResult result = SightingResult::skipped;
  std::string type;           // OpenCTI's
  std::string observable_id;  // STIX id
  bool new_observable = false;
  std::string reason;  // of what was skipped or refused, printable
};

struct SightingOptions {
  bool dry_run = false;            // asks, but changes nothing
  bool create_indicators = false;  // of what is an IOC
  bool five_levels = true;         // TLP 3 is amber+strict, else 3 is red
  // Called for each outcome as it comes, in the order of what was seen.
  std::function<void(const Seen&, const Outcome&)> done = {};
};

// Creates in OpenCTI what was seen: each missing observable, and its sighting at the system, once
// for each reference. OpenCTI counts a second sighting of the same pair within 30 days into the
// first (docs/protocols/opencti.md, "Mutations"), so existing sightings are queried first. A Status
// only if nothing more can be done; what the platform says of one value is in its outcome.
Status report_sightings(Client& client, const std::vector<Seen>& seen, const SightingPlace& where,
                        const SightingOptions& options, const Deadline& deadline);

// Marking of a TLP level of TheHive, by the ids that the STIX standard fixes.
std::string tlp_marking(int tlp, bool five_levels);

// The id that the platform gives a system, known before it is created.
std::string system_standard_id(std::string_view name);

}  // namespace socbridge::opencti
