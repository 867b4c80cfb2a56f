// SPDX-License-Identifier: Apache-2.0
#include "wazuh/invocation.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "wazuh/argv_splitter.h"

namespace socbridge::wazuh {
namespace {

constexpr std::uint64_t kMostSeconds = 3600;
constexpr std::uint64_t kMostRetries = 100;

bool is_debug(std::string_view word) { return word == "debug"; }
bool is_alert_file(std::string_view word) {
  return word.starts_with('/') && word.ends_with(".alert");
}

class Reader {
 public:
  explicit Reader(const std::vector<std::string_view>& args) {
    ArgumentWords cut = argument_words(args);
    words_ = std::move(cut.words);
    shifted_ = cut.merged;
  }

  Invocation read() {
    take_alert_file();
    url_ = find_word(words_, 1, is_url);
    options_ = find_word(words_, 1, is_options_file);
    const std::size_t tail = tail_start();
    if (url_ == kNoWord) take_url_without_scheme(tail);
    take_url();
    take_key(std::min(url_, tail));
    take_tail(tail);
    if (shifted_) {
      remark(
          "they are shifted; remove blanks in and around <api_key> and <hook_url>, quote \"$@\" in "
          "a "
          "wrapper");
    }
    return std::move(out_);
  }

 private:
  void remark(const char* text) { out_.remarks.emplace_back(text); }

  // Afterwards words_[0] is the alert file, possibly empty.
  void take_alert_file() {
    if (words_.empty()) words_.emplace_back();
    const std::string_view first = words_[0];
    if (!first.empty() && !is_alert_file(first)) {
      if (const std::size_t real = find_word(words_, 1, is_alert_file); real != kNoWord) {
        words_.erase(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(real));
        shifted_ = true;
      } else if (is_not_alert_file(first, words_.size() == 1)) {
        words_.insert(words_.begin(), std::string_view());
        shifted_ = true;
      }
    }
    out_.alert_file = std::string(words_[0]);
  }

  // Index of the first word after key and URL.
  std::size_t tail_start() const {
    const std::size_t end = words_.size();
    if (url_ != kNoWord) return url_ + 1;
    std::size_t tail = options_;
    if (tail == kNoWord && end >= 3 && is_number(words_[end - 1]) && is_number(words_[end - 2])) {
      tail = end - 2;
    }
    tail = std::min({tail, find_word(words_, 2, is_debug), end});
    return std::max<std::size_t>(tail, 1);
  }

  // Not shifted, and the word resembles a host: the scheme was forgotten. Any other word may be the
  // second half of a key and must not be shown as a URL.
  void take_url_without_scheme(std::size_t tail) {
    constexpr std::size_t kPlace = 2;
    if (shifted_ || tail <= kPlace || !is_host_like(words_[kPlace])) return;
    if (words_[kPlace].find(' ') != std::string_view::npos) return;
    url_ = kPlace;
    remark("hook_url has no http:// or https://");
  }

  void take_url() {
    if (url_ == kNoWord) return;
    out_.hook_url = std::string(trim(words_[url_]));
    constexpr std::size_t kPlace = 2;
    shifted_ = shifted_ || url_ != kPlace;
  }

  // The key is the word before the URL. If it had a blank it arrives in several words.
  void take_key(std::size_t end) {
    std::string key;
    std::size_t pieces = 0;
    for (std::size_t i = 1; i < std::min(end, words_.size()); ++i) {
      if (words_[i].empty()) continue;
      if (pieces++ > 0) key += ' ';
      key += words_[i];
    }
    split_swallowed_url(key);
    if (trim(key).find(' ') != std::string_view::npos) {
      shifted_ = shifted_ || pieces > 1;
      remark("api_key holds a blank; write it into a file and set <api_key>file:PATH</api_key>");
    }
    out_.key = Secret(std::string(trim(key)));
    secure_wipe(key.data(), key.size());
  }

  // A key that ends in a backslash is joined with the URL: `KEY https://…`.
  void split_swallowed_url(std::string& key) {
    if (url_ != kNoWord) return;
    for (const char* scheme : {" http://", " https://"}) {
      const std::size_t at = key.find(scheme);
      if (at == std::string::npos) continue;
      out_.hook_url = std::string(trim(std::string_view(key).substr(at)));
      key.resize(at);
      remark("hook_url came as part of api_key; api_key must not end in a backslash");
      return;
    }
  }

  void take_tail(std::size_t at) {
    std::vector<std::uint64_t> numbers;
    for (std::size_t i = at; i < words_.size(); ++i) {
      const std::string_view word = words_[i];
      if (is_debug(word)) {
        out_.debug = true;
      } else if (i == options_) {
        out_.options_file = std::string(word);
        numbers.clear();
      } else if (const auto number = parse_u64(word)) {
        numbers.push_back(*number);
      } else if (!word.empty()) {
        shifted_ = true;  // part of a URL with a blank
      }
    }
    if (!numbers.empty() && numbers[0] >= 1) {
      out_.timeout_s = static_cast<int>(std::min(numbers[0], kMostSeconds));
    }
    if (numbers.size() > 1) out_.retries = static_cast<int>(std::min(numbers[1], kMostRetries));
  }

  std::vector<std::string_view> words_;
  std::size_t url_ = kNoWord;
  std::size_t options_ = kNoWord;
  bool shifted_ = false;
  Invocation out_;
};

}  // namespace

Invocation parse_invocation(const std::vector<std::string_view>& args) {
  if (args.empty()) {
    Invocation none;
    none.no_arguments = true;
    return none;
  }
  return Reader(args).read();
}

}  // namespace socbridge::wazuh
