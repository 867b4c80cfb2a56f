// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "cortex/analyzer.h"

namespace socbridge::cortex {

// The analyzers with the names `wanted` (each once, in the order of `all`); all of them if `wanted`
// is empty. Error (usage): unknown name, with the nearest names or those that exist.
Result<std::vector<Analyzer>> named(const std::vector<Analyzer>& all,
                                    const std::vector<std::string>& wanted);

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
