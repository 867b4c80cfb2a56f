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

// One <integration> block as integratord 4.14 takes it: values are neither trimmed nor decoded, and
// of an element that is there twice the last one counts (of <rule_id> all do).
struct IntegrationBlock {
  std::string name, hook_url, alert_format, options, group, rule_id, event_location, level;
  Secret api_key;
  int timeout_s = 10, retries = 3;                        // integratord's defaults; at most 3600
  std::vector<std::string> rule_id_texts;                 // of every <rule_id>
  std::size_t line = 0;                                   // of <integration>, from 1
  std::map<std::string, std::size_t, std::less<>> lines;  // of the elements that are there
  std::size_t options_column = 0;                         // where the text of <options> begins

  bool has(std::string_view element) const { return lines.find(element) != lines.end(); }
  // The block's own line if the element is not there.
  std::size_t line_of(std::string_view element) const;
};

// Something that makes a program of Wazuh refuse the file: integratord, or analysisd, which writes
// alerts.json. `wazuh-control start` ends there and starts nothing.
struct ConfRefusal {
  std::size_t line = 0;
  std::string message;  // one line without secrets
  std::string next;
};

// What matters here of an ossec.conf.
struct OssecConf {
  std::vector<IntegrationBlock> blocks;  // in file order, also if the file is refused
  std::vector<ConfRefusal> refusals;
  bool jsonout = true;           // <jsonout_output>, the last one: analysisd writes alerts.json
  std::size_t jsonout_line = 0;  // 0: not said
  unsigned log_alert_level = 1;  // <log_alert_level>: alerts below are not written
  std::size_t log_alert_level_line = 0;  // 0: not said
  // Line of a comment that begins with `<!` but not `<!--` and hides what follows; 0: none.
  std::size_t odd_comment_line = 0;
};

// Reads the file by the rules of os_xml.h. Read only, never written. Errors are ExitCode::usage:
// unreadable, or no XML for Wazuh (`PATH:LINE: not readable as XML: …`).
Result<OssecConf> read_ossec_conf(Env& env, const std::string& path);

// The same of a text; `path` is for messages.
Result<OssecConf> parse_ossec_conf(std::string_view text, const std::string& path);

// The blocks alone.
Result<std::vector<IntegrationBlock>> read_integrations(Env& env, const std::string& path);

// C's atoi on a text of digits, as a 64-bit glibc does it: beyond 2^63-1 it is the largest long,
// and of a long the low 32 bits count. integratord compares levels and rules so.
std::uint32_t atoi_of_digits(std::string_view text);

// The <indexer> block: where the manager sends vulnerability states. User and password are in the
// keystore, from which they cannot be read back.
struct IndexerBlock {
  bool present = false;
  bool enabled = true;
  std::vector<std::string> hosts;     // URLs
  std::vector<std::string> ca_files;  // as written; relative ones are below the Wazuh home
  std::string certificate, key;
};

// The last <indexer> block of the file. Errors as read_ossec_conf().
Result<IndexerBlock> read_indexer(Env& env, const std::string& path);

}  // namespace socbridge::wazuh
