// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "thehive/connector.h"

namespace socbridge::analysis {

using thehive::Analyzer;

// The names of a preset, split by whether Cortex has such an analyzer. An installation may lack
// some; an analyzer that was renamed in Cortex has only its new name.
struct Enabled {
  std::vector<std::string> names, missing;
  // "there is no analyzer AbuseIPDB: it is not enabled, or has another name"; empty: none missing.
  std::string remark(std::string_view preset) const;
};
// Usage error if Cortex has none of the names; `preset` is their name.
Result<Enabled> enabled_of(const std::vector<Analyzer>& all, const std::vector<std::string>& names,
                           std::string_view preset);

// Whether the analyzer accepts the type, and networks if the value is one: see
// cortex::takes_networks().
bool takes(const Analyzer& analyzer, const thehive::ObservableInfo& observable);
// The analyzers that accept it: "URLhaus_2_0, VirusTotal_GetReport_3_1", or "no analyzer".
std::string matching_analyzers(const std::vector<Analyzer>& all,
                               const thehive::ObservableInfo& observable);
// The data type, such as "ip", or "a network" if the observable is one.
std::string kind_of(const thehive::ObservableInfo& observable);

// Observables that no analyzer may receive.
struct Limits {
  int max_tlp = 2;          // amber
  bool five_levels = true;  // whether TLP 3 is amber+strict (TheHive 5.2 and later)
  bool private_addresses = false;
};
// Why the observable must not be analysed; empty if it may be. "TLP red is above amber", "10.0.0.1
// is a private address".
std::string why_not(const thehive::ObservableInfo& observable, const Limits& limits);

}  // namespace socbridge::analysis
