// SPDX-License-Identifier: Apache-2.0
#include "wazuh/argv_splitter.h"

#include "base/text.h"

namespace socbridge::wazuh {
namespace {

// The arguments before this index (alert file, key, URL) may contain a blank: `MY\ KEY` arrives as
// `MY KEY`.
constexpr std::size_t kFirstSplit = 3;

bool is_redirection(std::string_view arg) {
  const std::string_view text = trim(arg);
  // The last two only occur if a wrapper's shell split the argument.
  return text.starts_with('>') || text == "/dev/null" || text == "2>&1";
}

std::string_view before_redirection(std::string_view arg) {
  const std::size_t at = arg.find("> /dev/null");
  return at == std::string_view::npos ? arg : trim(arg.substr(0, at));
}

}  // namespace

ArgumentWords argument_words(const std::vector<std::string_view>& args) {
  ArgumentWords out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (i > 0 && is_redirection(args[i])) continue;
    const std::string_view kept = before_redirection(args[i]);
    const bool last = i + 1 == args.size();
    const bool has_rest = last && i >= kFirstSplit && kept.find(' ') != std::string_view::npos;
    if (kept.size() == args[i].size() && !has_rest) {
      out.words.push_back(args[i]);
      continue;
    }
    for (const std::string_view part : split(kept, ' ')) out.words.push_back(part);
    out.merged = true;
  }
  return out;
}

bool is_url(std::string_view word) {
  const std::string_view text = trim(word);  // surrounding line breaks stay in the word
  return istarts_with(text, "http://") || istarts_with(text, "https://");
}

bool is_options_file(std::string_view word) {
  return word.starts_with('/') && word.ends_with(".options");
}

bool is_number(std::string_view word) { return parse_u64(word).has_value(); }

bool is_host_like(std::string_view word) {
  return !word.starts_with("file:") && word.find_first_of(".:") != std::string_view::npos;
}

bool is_not_alert_file(std::string_view word, bool alone) {
  if (is_url(word) || is_options_file(word) || word.starts_with("file:")) return true;
  if (alone || word.starts_with('/') || word.find('.') != std::string_view::npos) return false;
  // Long and without a dot: a key, which a message must not show as a file name.
  constexpr std::size_t kShortestKey = 20;
  return word.size() >= kShortestKey || word == "debug" || is_number(word);
}

std::size_t find_word(const std::vector<std::string_view>& words, std::size_t from,
                      bool (*test)(std::string_view)) {
  for (std::size_t i = from; i < words.size(); ++i) {
    if (test(words[i])) return i;
  }
  return kNoWord;
}

}  // namespace socbridge::wazuh
