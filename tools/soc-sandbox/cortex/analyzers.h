// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::sandbox::cortex {

// One enabled analyzer of the organisation (docs/protocols/cortex.md, "Analyzers", "Reports").
struct Analyzer {
  std::string id;          // opaque hexadecimal digits
  std::string base;        // "AbuseIPDB"
  std::string definition;  // "AbuseIPDB_2_0"
  std::string name;        // the definition, unless the administrator gave another one
  std::string version;
  std::string description;
  std::vector<std::string> data_types;
  std::int64_t rate = 0;         // jobs in a unit; 0: no limit
  std::string rate_unit = {};    // Second, Minute, Hour, Day or Month
  std::int64_t cache_min = 10;   // 0: answers are not cached
  int max_tlp = 2, max_pap = 2;  // checked by the analyzer itself; Cortex does not list them
  std::string organisation = "sandbox";
  std::string configuration = "{}";  // JSON object; holds keys

  bool takes(std::string_view data_type) const;
  std::int64_t unit_ms() const;
  enum class Shown { to_users, to_orgadmin };  // to_orgadmin: with the configuration
  std::string json(Shown shown = Shown::to_users) const;
};

// Settings that a data file may change, with their defaults.
struct Setup {
  std::vector<Analyzer> analyzers;
  std::int64_t waiting_ms = 50, running_ms = 150;  // how long a job is in these states
  std::vector<std::string> roles = {"read", "analyze"};
  struct Key {
    std::string key;
    std::vector<std::string> roles;
  };
  std::vector<Key> more_keys;       // in addition to the sandbox's own
  bool migrated = true;             // false: 520 until POST /api/maintenance/migrate
  bool fresh = false;               // no users, no organisation, no enabled analyzer
  bool passwords = false;           // auth.method.basic
  std::vector<Analyzer> catalogue;  // analyzers that can be enabled
};
// Members of everything that Cortex stores: the place of the document in its index. `parent`: the
// organisation that owns it; empty: none.
void write_index_members(json::Writer& w, std::string_view id, std::string_view parent = {});

Setup default_setup();
// { "analyzers": {"AbuseIPDB": {"enabled", "name", "rate", "rateUnit", "jobCache", "maxTlp",
// "maxPap"}},
//   "waitingMs", "runningMs", "roles": [], "keys": {"KEY": [roles]}, "migrated", "fresh",
//   "passwords" }
// Errors: usage.
Status read_setup(const std::string& file, Setup& setup);

}  // namespace socbridge::sandbox::cortex
