// SPDX-License-Identifier: Apache-2.0
#include "rules/fault.h"

#include <algorithm>

#include "base/text.h"

namespace socbridge::rules {

std::string path_of(std::string_view pointer) {
  std::string out;
  while (!pointer.empty()) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    std::string step;
    for (std::size_t i = 1; i < end; ++i) {
      if (pointer[i] == '~' && i + 1 < end) {
        step += pointer[++i] == '1' ? '/' : '~';
      } else {
        step += pointer[i];
      }
    }
    pointer.remove_prefix(end);
    if (parse_u64(step)) {
      out += "[" + step + "]";
    } else {
      out += (out.empty() ? "" : ".") + printable(step, 60);
    }
  }
  return out;
}

std::string line_of(const Fault& fault) {
  std::string_view pointer = fault.pointer;
  if (fault.message.starts_with("unknown key")) pointer = pointer.substr(0, pointer.rfind('/'));
  const std::string path = path_of(pointer);
  return path.empty() ? fault.message : path + ": " + fault.message;
}

}  // namespace socbridge::rules
