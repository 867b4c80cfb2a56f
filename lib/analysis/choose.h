#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "thehive/connector.h"

namespace socbridge::analysis {

using thehive::Analyzer;

// Those of `all` that the names mean, with or without version and in any case, each once, in the
// order of `all`. No names: all. Usage error for a name that means none, with the nearest.
Result<std::vector<Analyzer>> pick(const std::vector<Analyzer>& all,
                                   const std::vector<std::string>& names);

// Those names of a preset that mean an analyzer there is: not everybody has all. Usage error if
// none does; `preset` is its name.
Result<std::vector<std::string>> enabled_of(const std::vector<Analyzer>& all,
                                            const std::vector<std::string>& names,
                                            std::string_view preset);

// "URLhaus_2_0, VirusTotal_GetReport_3_1": who takes the data type; "no analyzer" if none does.
std::string who_takes(const std::vector<Analyzer>& all, std::string_view data_type);

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
