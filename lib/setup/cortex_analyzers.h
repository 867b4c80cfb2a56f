// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cortex/admin.h"
#include "setup/cortex.h"

namespace socbridge::setup {

// The newest definition of an analyzer in the catalogue; null if it has none.
const cortex::Admin::Definition* newest_definition(
    const std::vector<cortex::Admin::Definition>& all, std::string_view base);
// The enabled analyzer with that name, in any version; null if there is none.
const cortex::Admin::Enabled* enabled_of(const std::vector<cortex::Admin::Enabled>& all,
                                         std::string_view base);

// The item of a definition that holds the service's key ("key", "API_Key"); empty: it needs none.
std::string key_item(const cortex::Admin::Definition& definition);

// The settings to enable an analyzer: the definition's defaults, the key, TLP and PAP up to amber,
// no automatic extraction of artifacts.
cortex::Admin::Settings settings_for(const CortexAnalyzer& wanted,
                                     const cortex::Admin::Definition& definition);

// The differences of an enabled analyzer ("key", "rate 100 per Day"); empty: none.
std::vector<std::string> differences(const CortexAnalyzer& wanted,
                                     const cortex::Admin::Definition& definition,
                                     const cortex::Admin::Enabled& there);
// The settings of an enabled analyzer with corrected key and rate, all others kept.
cortex::Admin::Settings corrected(const CortexAnalyzer& wanted,
                                  const cortex::Admin::Definition& definition,
                                  const cortex::Admin::Enabled& there);

}  // namespace socbridge::setup
