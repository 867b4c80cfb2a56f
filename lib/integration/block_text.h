// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "wazuh/ossec_conf.h"
#include "wazuh/version.h"

namespace socbridge::integration {

// What an <integration> block of custom-w2thive is to say.
struct BlockRequest {
  std::string hook_url;      // empty: etc/w2thive.json has it
  std::string api_key;       // `file:PATH`; empty: etc/w2thive.json has it
  std::string organisation;  // empty: that of the key
  int level = 7;             // 0 to 16: alerts below it are not handed over
};

// The lines of the block, in an <ossec_config> of its own, for this version: <options> from 4.7 on,
// <timeout> from 4.8 on, since an element that a version does not know stops the whole manager.
// Without a version what all of them take. Error (usage): a value that Wazuh's reader would not
// give back as it is written, or an organisation before 4.7.
Result<std::string> block_text(const BlockRequest& request,
                               const std::optional<wazuh::Version>& version);

// Whether a block is, or was meant to be, one of custom-w2thive: its name holds that, in any case.
bool is_own_block(const wazuh::IntegrationBlock& block);

// The text of an ossec.conf with `block` behind its last line; every byte of it stays. Both are
// read as integratord and analysisd read them: an error (usage) if they refuse the file before, if
// it already has a block of ours, or if they would not find exactly
// that block more in the new one. `path` is for messages.
Result<std::string> with_block(std::string_view text, std::string_view block,
                               const std::string& path);

}  // namespace socbridge::integration
