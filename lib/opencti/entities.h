// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json/value.h"

namespace socbridge::opencti {

// Objects of OpenCTI as its API returns them. The texts come from feeds: use printable() before
// display.

struct Report {
  std::string id, name, published, author;
  std::vector<std::string> types, markings;
};

struct Reference {
  std::string source, url, external_id;
};

struct Indicator {
  std::string id;           // UUID
  std::string standard_id;  // STIX id
  std::string name, pattern, pattern_type, valid_from, valid_until, author;
  std::string description, updated_at;
  bool revoked = false, detection = false;
  std::optional<std::int64_t> score, confidence;  // 0 to 100
  std::vector<std::string> labels, markings;
  std::vector<std::string> author_ids;   // UUID and STIX id of the author
  std::vector<std::string> creator_ids;  // UUIDs of users
  std::vector<std::string> tactics;      // ATT&CK names
  std::vector<Reference> references;
  std::vector<Report> reports;

  // "valid", "revoked", "expired" or "not yet valid" at that time.
  const char* state(std::int64_t now_ms) const;
};

struct Observable {
  std::string id, standard_id, type, value, description, author;
  std::optional<std::int64_t> score;
  std::vector<std::string> labels, markings;
  std::vector<std::string> hashes;  // the digests alone, lower case
  // A name of the observable, with its filter key: `value`, `name`, `path`, …
  struct Name {
    std::string key, text;
  };
  std::vector<Name> names;
  std::vector<Reference> references;
  std::vector<Report> reports;
};

// An actor, intrusion set, campaign, malware, tool or attack pattern.
struct Threat {
  std::string id, standard_id, type, name;
  std::string mitre_id;  // T1071.001, for attack patterns; not part of the name
  std::vector<std::string> aliases;
  std::vector<std::string> tactics;  // ATT&CK names such as `command-and-control`
  std::vector<std::string> markings;
};

struct Relationship {
  std::string id, kind;  // `indicates`, `uses`, …
  std::string from_id, to_id;
  Threat from, to;  // an empty id: the token may not see that end
  std::optional<std::int64_t> confidence;
  std::vector<std::string> markings;
};

Report read_report(json::Value node);
// From a GraphQL connection.
std::vector<Report> read_reports(json::Value connection);
std::vector<Reference> read_references(json::Value connection);
Indicator read_indicator(json::Value node);
Observable read_observable(json::Value node);
Relationship read_relationship(json::Value node);

// The types of Threat, in the form that filters need.
const std::vector<std::string>& threat_types();
bool is_threat_type(std::string_view type);

}  // namespace socbridge::opencti
