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

// The <indexer> block (Wazuh facts 6.2): where the manager sends vulnerability states. User and
// password are in the keystore, which nobody can read back.
struct IndexerBlock {
  bool present = false;
  bool enabled = true;
  std::vector<std::string> hosts;     // URLs
  std::vector<std::string> ca_files;  // as written; relative ones are below the Wazuh home
  std::string certificate, key;
};

// The last <indexer> block of the file. Errors as read_integrations().
Result<IndexerBlock> read_indexer(Env& env, const std::string& path);

// All <integration> blocks of an ossec.conf, in file order. The file may hold several
// <ossec_config> roots and text that is not well-formed XML to strict parsers; integratord decodes
// no entities, so none are decoded here. Read only, never written. Errors: unreadable, not XML
// (with line).
Result<std::vector<IntegrationBlock>> read_integrations(Env& env, const std::string& path);

}  // namespace socbridge::wazuh
