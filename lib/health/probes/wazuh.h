#pragma once

#include <string>

#include "health/probe.h"
#include "integration/settings.h"

namespace socbridge::health {

// The parts of the Wazuh manager's probe.
void look_at_installation(Probe& probe, const std::string& ossec_conf);
void look_at_spool(Probe& probe, const integration::Settings& settings);
void look_at_log(Probe& probe, const std::string& log_file);
void look_at_indexer_block(Probe& probe, const std::string& ossec_conf);
void look_at_api(Probe& probe);

}  // namespace socbridge::health
