// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace socbridge::wazuh {

// argv[1..] without the redirection, as single words. integratord makes a fixed number of pieces
// and the last one keeps the rest of the line; that one is cut here (docs/protocols/wazuh.md,
// "Arguments").
struct ArgumentWords {
  std::vector<std::string_view> words;
  bool merged = false;  // the last piece held more than its own: the arguments are shifted
};
ArgumentWords argument_words(const std::vector<std::string_view>& args);

bool is_url(std::string_view word);           // http:// or https://
bool is_options_file(std::string_view word);  // /tmp/NAME-….options
bool is_number(std::string_view word);        // decimal
// For a hook_url without a scheme: has a dot or a colon and is no `file:PATH`.
bool is_host_like(std::string_view word);
// Where the alert file should stand but something else does: a wrapper lost the empty argument.
bool is_no_alert_file(std::string_view word, bool alone);

inline constexpr std::size_t kNoWord = static_cast<std::size_t>(-1);
// Index of the first word from `from` on for which `test` holds, or kNoWord.
std::size_t find_word(const std::vector<std::string_view>& words, std::size_t from,
                      bool (*test)(std::string_view));

}  // namespace socbridge::wazuh
