// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/secret.h"
#include "base/status.h"

namespace socbridge::wazuh {

// One <integration> block as integratord 4.14 reads it. Values are neither trimmed nor decoded. Of
// repeated elements the last one counts; of <rule_id> all count.
struct IntegrationBlock {
  std::string name, hook_url, alert_format, options, group, rule_id, event_location, level;
  Secret api_key;
  int timeout_s = 10, retries = 3;                        // integratord's defaults; at most 3600
  std::vector<std::string> rule_id_texts;                 // of every <rule_id>
  std::size_t line = 0;                                   // of <integration>, from 1
  std::map<std::string, std::size_t, std::less<>> lines;  // of the elements in the block
  std::size_t options_column = 0;                         // where the text of <options> begins

  bool has(std::string_view element) const { return lines.find(element) != lines.end(); }
  // The line of the block itself if the element is missing.
  std::size_t line_of(std::string_view element) const;
};

// An error that makes a Wazuh program refuse the file: integratord, or analysisd, which writes
// alerts.json. `wazuh-control start` then starts nothing.
struct ConfRefusal {
  std::size_t line = 0;
  std::string message;  // one line without secrets
  std::string next;
};

// The relevant content of an ossec.conf.
struct OssecConf {
  std::vector<IntegrationBlock> blocks;  // in file order, even if the file is refused
  std::vector<ConfRefusal> refusals;
  bool jsonout = true;           // <jsonout_output>, the last one: analysisd writes alerts.json
  std::size_t jsonout_line = 0;  // 0: not set
  unsigned log_alert_level = 1;  // <log_alert_level>: alerts below are not written
  std::size_t log_alert_level_line = 0;  // 0: not set
  // Line of a comment that begins with `<!` but not `<!--` and hides the text after it; 0: none.
  std::size_t odd_comment_line = 0;
};

// Parses the file by the rules of os_xml.h. Read-only. Errors (usage): unreadable, or not XML by
// Wazuh's rules (`PATH:LINE: not readable as XML: …`).
Result<OssecConf> read_ossec_conf(Env& env, const std::string& path);

// The same for a text; `path` is for messages.
Result<OssecConf> parse_ossec_conf(std::string_view text, const std::string& path);

// Only the blocks.
Result<std::vector<IntegrationBlock>> read_integrations(Env& env, const std::string& path);

// C's atoi for a text of digits, as in a 64-bit glibc: above 2^63-1 the result is the largest long,
// and the low 32 bits of a long count. integratord compares levels and rules like this.
std::uint32_t atoi_of_digits(std::string_view text);

// The <indexer> block: where the manager sends vulnerability states. User and password are in the
// keystore, which cannot be read back.
struct IndexerBlock {
  bool present = false;
  bool enabled = true;
  std::vector<std::string> hosts;     // URLs
  std::vector<std::string> ca_files;  // as in the file; relative to the Wazuh home
  std::string certificate, key;
};

// The last <indexer> block of the file. Errors as read_ossec_conf().
Result<IndexerBlock> read_indexer(Env& env, const std::string& path);

}  // namespace socbridge::wazuh
