// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "health/probe.h"
#include "integration/settings.h"

namespace socbridge::health {

// Parts of the Wazuh manager's probe.
void check_installation(Probe& probe, const std::string& ossec_conf);
void check_spool(Probe& probe, const integration::Settings& settings, const std::string& check);
void check_log(Probe& probe, const std::string& log_file, const std::string& check);
void check_indexer_block(Probe& probe, const std::string& ossec_conf);
void check_api(Probe& probe);

}  // namespace socbridge::health
