// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "cortex/analyzer.h"

namespace socbridge::cortex {

// The error (usage) of a name that no analyzer has, with the nearest of `names` or all of them.
Status unknown_analyzer(const std::vector<std::string>& names, const std::string& wanted);

// The analyzers that `wanted` names, with or without version and in any case, each once, in the
// order of `all`; all of them if nothing is wanted. Of Cortex's own list and of TheHive's. Error:
// unknown_analyzer().
template <class OneAnalyzer>
Result<std::vector<OneAnalyzer>> select_analyzers(const std::vector<OneAnalyzer>& all,
                                                  const std::vector<std::string>& wanted) {
  if (wanted.empty()) return all;
  std::vector<bool> taken(all.size());
  for (const std::string& name : wanted) {
    bool found = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].is_called(name)) taken[i] = found = true;
    }
    if (found) continue;
    std::vector<std::string> names;
    for (const OneAnalyzer& one : all) names.push_back(one.name);
    return unknown_analyzer(names, name);
  }
  std::vector<OneAnalyzer> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (taken[i]) out.push_back(all[i]);
  }
  return out;
}

// The analyzers of `chosen` that accept the type. Error (usage) if none does, with those of `all`
// that would.
Result<std::vector<Analyzer>> taking(const std::vector<Analyzer>& chosen,
                                     const std::vector<Analyzer>& all, std::string_view data_type);

// TLP of TheHive 5.2 and later (0 clear … 3 amber+strict, 4 red) to Cortex's four (0 white …
// 3 red). Amber+strict becomes red: sharing too little is safer than sharing too much
// (docs/protocols/cortex.md, "Run an analyzer").
int tlp_for_cortex(int thehive_tlp);

// A sentence that names the analyzers whose own limit is below the levels, or empty: "AbuseIPDB_2_0
// takes TLP up to amber (2), not red (3)". A limit that an analyzer does not state is not checked.
std::string above_limits(const std::vector<Analyzer>& analyzers, int tlp, int pap);
bool allows(const Analyzer& analyzer, int tlp, int pap);

// "white", "green", "amber", "red", "clear" or 0 to 3. Error: usage.
Result<int> parse_level(std::string_view option, std::string_view text);
const char* level_name(int level);

}  // namespace socbridge::cortex
