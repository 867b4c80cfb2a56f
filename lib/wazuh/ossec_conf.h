#pragma once

#include <string>
#include <vector>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"

namespace socbridge::wazuh {

// One <integration> block (Wazuh facts 1.11).
struct IntegrationBlock {
  std::string name, hook_url, alert_format, options, group, rule_id, event_location, level;
  Secret api_key;
  int timeout_s = 10, retries = 3;
};

// All <integration> blocks of an ossec.conf, in file order. The file may hold several
// <ossec_config> roots and text that is not well-formed XML to strict parsers; integratord decodes
// no entities, so none are decoded here. Read only, never written. Errors: unreadable, not XML
// (with line).
Result<std::vector<IntegrationBlock>> read_integrations(Env& env, const std::string& path);

}  // namespace socbridge::wazuh
