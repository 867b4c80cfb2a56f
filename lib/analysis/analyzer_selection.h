// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "thehive/connector.h"

namespace socbridge::analysis {

using thehive::Analyzer;

// The names of a preset, by split by whether Cortex has such an analyzer: an installation may lack
// some, and one that was renamed in Cortex has only its new name.
struct Enabled {
  std::vector<std::string> names, missing;
  // "no analyzer is called AbuseIPDB: it is not enabled, or has another name"; empty: none missing.
  std::string remark(std::string_view preset) const;
};
// Usage error if no name means one; `preset` is its name.
Result<Enabled> enabled_of(const std::vector<Analyzer>& all, const std::vector<std::string>& names,
                           std::string_view preset);

// Whether the analyzer takes that type, and a value like that one: see cortex::takes_networks().
bool takes(const Analyzer& analyzer, const thehive::ObservableInfo& observable);
// "URLhaus_2_0, VirusTotal_GetReport_3_1": who takes it; "no analyzer" if none does.
std::string matching_analyzers(const std::vector<Analyzer>& all,
                               const thehive::ObservableInfo& observable);
// "ip", or "a network" if the observable is one: what is taken or not.
std::string kind_of(const thehive::ObservableInfo& observable);

// What no analyzer is to see.
struct Limits {
  int max_tlp = 2;          // amber
  bool five_levels = true;  // whether TLP 3 is amber+strict (TheHive 5.2 and later)
  bool private_addresses = false;
};
// Why the observable is not to be analysed; empty if it may be. "TLP red is above amber",
// "10.0.0.1 is a private address".
std::string why_not(const thehive::ObservableInfo& observable, const Limits& limits);

}  // namespace socbridge::analysis
