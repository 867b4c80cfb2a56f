// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/store/model.h"

#include "base/text.h"

namespace socbridge::sandbox {

std::string id_text(Id id) { return "~" + std::to_string(id); }

Id parse_id(std::string_view text) {
  if (text.empty() || text.front() != '~') return 0;
  return parse_u64(text.substr(1)).value_or(0);
}

}  // namespace socbridge::sandbox
