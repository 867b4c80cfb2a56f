// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "wazuh/ossec_conf.h"
#include "wazuh/version.h"

namespace socbridge::integration {

// The values of an <integration> block of custom-w2thive.
struct BlockRequest {
  std::string hook_url;      // empty: etc/w2thive.json has it
  std::string api_key;       // `file:PATH`; empty: etc/w2thive.json has it
  std::string organisation;  // empty: that of the key
  int level = 7;             // 0 to 16: alerts below it are not passed
};

// The lines of the block, in an <ossec_config> of its own, for this version: <options> from 4.7 on,
// <timeout> from 4.8 on, because an unknown element stops the manager. Without a version: only
// elements that all versions know. Error (usage): a value that Wazuh's parser would change, or an
// organisation before 4.7.
Result<std::string> block_text(const BlockRequest& request,
                               const std::optional<wazuh::Version>& version);

// Whether a block is, or was meant to be, one of custom-w2thive: its name contains w2thive, in any
// case.
bool is_own_block(const wazuh::IntegrationBlock& block);

// The text of an ossec.conf with `block` appended; all other bytes stay. Both are parsed as
// integratord and analysisd do. Error (usage): they refuse the original file, it already has a
// block of ours, or they would not find exactly that additional block. `path` is for messages.
Result<std::string> with_block(std::string_view text, std::string_view block,
                               const std::string& path);

}  // namespace socbridge::integration
