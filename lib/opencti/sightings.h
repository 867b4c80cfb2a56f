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

// One sighted value.
struct Seen {
  Value value;
  int tlp = 2;  // TheHive's levels: 0 clear … 3 amber+strict, 4 red
  bool ioc = false;
  UnixMillis at_ms = 0;
  std::string description;
};

// Where the values were seen, and the reference. The reference identifies a sighting, so it must be
// the same in every call: `external_id` names the case or alert.
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
  std::string reason;  // why it was skipped or refused, printable
};

struct SightingOptions {
  bool dry_run = false;            // reads only
  bool create_indicators = false;  // for IOCs
  bool five_levels = true;         // TLP 3 is amber+strict, else 3 is red
  // Called for each outcome at once, in the order of the values.
  std::function<void(const Seen&, const Outcome&)> done = {};
};

// Creates each missing observable in OpenCTI, and its sighting at the system, once per reference.
// OpenCTI merges a second sighting of the same pair within 30 days into the first
// (docs/protocols/opencti.md, "Mutations"), so existing sightings are queried first. Returns a
// Status only if no request can succeed; refusals of single values are in their outcomes.
Status report_sightings(Client& client, const std::vector<Seen>& seen, const SightingPlace& where,
                        const SightingOptions& options, const Deadline& deadline);

// Marking of a TLP level of TheHive, by the ids of the STIX standard.
std::string tlp_marking(int tlp, bool five_levels);

// The id that the platform will give the system.
std::string system_standard_id(std::string_view name);

}  // namespace socbridge::opencti
