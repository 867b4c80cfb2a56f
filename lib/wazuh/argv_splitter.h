// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace socbridge::wazuh {

// argv[1..] without the redirection, as single words. integratord splits into a fixed number of
// arguments, and the last one has the rest of the line; it is split here (docs/protocols/wazuh.md,
// "Arguments").
struct ArgumentWords {
  std::vector<std::string_view> words;
  bool merged = false;  // the last argument had several words: the arguments are shifted
};
ArgumentWords argument_words(const std::vector<std::string_view>& args);

bool is_url(std::string_view word);           // http:// or https://
bool is_options_file(std::string_view word);  // /tmp/NAME-….options
bool is_number(std::string_view word);        // decimal
// For a hook_url without a scheme: it has a dot or a colon and is not a `file:PATH`.
bool is_host_like(std::string_view word);
// Whether the place of the alert file has another argument: a wrapper lost the empty one.
bool is_not_alert_file(std::string_view word, bool alone);

inline constexpr std::size_t kNoWord = static_cast<std::size_t>(-1);
// Index of the first word from `from` on that satisfies `test`, or kNoWord.
std::size_t find_word(const std::vector<std::string_view>& words, std::size_t from,
                      bool (*test)(std::string_view));

}  // namespace socbridge::wazuh
