// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace socbridge::cortex {

// An enabled analyzer, as GET /api/analyzer lists it (docs/protocols/cortex.md, "Analyzers").
struct Analyzer {
  std::string id;          // opaque
  std::string name;        // given by the organisation's administrator, mostly the definition
  std::string definition;  // "AbuseIPDB_2_0"
  std::string version;
  std::string description;
  std::vector<std::string> data_types;
  std::int64_t rate = 0;  // jobs in a rate_unit; 0: no limit set
  std::string rate_unit;  // Second, Minute, Hour, Day or Month
  std::int64_t cache_min = -1;
  int max_tlp = -1, max_pap = -1;  // -1: not known
  std::string json;                // the analyzer's JSON without `configuration`, which holds keys

  bool takes(std::string_view data_type) const;
  // Whether the data type is accepted and, for addresses, a network such as `192.0.2.0/24`.
  bool takes(std::string_view data_type, std::string_view value) const;
  // The definition without its version: "AbuseIPDB".
  std::string_view base() const;
  // By name or definition, with or without the version; ASCII case is ignored.
  bool is_called(std::string_view wanted) const;
};

// `198.51.100.0/24`: has Cortex's data type `ip`, but most analyzers accept single addresses only.
bool is_network(std::string_view data_type, std::string_view value);
// Whether an analyzer accepts networks: AbuseIPDB does, and those whose description contains
// "CIDR". Cortex does not list this.
bool takes_networks(std::string_view name, std::string_view description);

Analyzer read_analyzer(json::Value value);
std::vector<Analyzer> read_analyzers(json::Value list);

// "Day" -> a day in milliseconds (a month has 30 days, as in Cortex); 0: unknown unit.
std::int64_t rate_unit_ms(std::string_view unit);

}  // namespace socbridge::cortex
