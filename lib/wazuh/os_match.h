// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socbridge::wazuh {

// A pattern of Wazuh's OSMatch (src/os_regex/os_match_compile.c of its repository): alternatives
// separated by `|`, each a text to be found anywhere. A leading `^` and a trailing `$` anchor it to
// the start and the end; a `!` before all negates the result. ASCII case is ignored. No other
// special characters. Copyable; immutable and thread-safe.
class OsMatch {
 public:
  static constexpr std::size_t kMaxBytes = 20480;  // integratord refuses longer ones

  OsMatch() = default;  // matches everything
  explicit OsMatch(std::string_view pattern);

  bool matches(std::string_view text) const;

  // Whether some alternative can match a text without `^` and `$`, as all locations are.
  bool is_plausible() const;

 private:
  struct Alternative {
    std::string text;  // lower case
    bool at_start = false, at_end = false;
  };
  static bool one_matches(const Alternative& one, std::string_view lowered);

  std::vector<Alternative> alternatives_ = {{}};
  bool negated_ = false;
};

}  // namespace socbridge::wazuh
