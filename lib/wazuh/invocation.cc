#include "wazuh/invocation.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace socbridge::wazuh {
namespace {

constexpr int kMostSeconds = 3600;
constexpr int kMostRetries = 100;

// `> /dev/null 2>&1`, with or without a leading blank, also behind cut-off pieces (`10 3 > /dev/null 2>&1`).
bool is_redirection(std::string_view arg) { return trim(arg).starts_with('>'); }

bool is_url(std::string_view arg) {
  return istarts_with(arg, "http://") || istarts_with(arg, "https://");
}

bool is_options_file(std::string_view arg) {
  return arg.starts_with('/') && arg.ends_with(".options");
}

// What stands in front of a redirection that shares its argument.
std::string_view before_redirection(std::string_view arg) {
  const std::size_t at = arg.find("> /dev/null");
  return at == std::string_view::npos ? arg : trim(arg.substr(0, at));
}

class Reader {
 public:
  explicit Reader(const std::vector<std::string_view>& args) {
    for (const std::string_view arg : args) {
      if (is_redirection(arg)) continue;
      const std::string_view kept = before_redirection(arg);
      if (kept.size() == arg.size()) {
        words_.push_back(arg);
      } else {  // the last piece kept the rest of the line
        for (const std::string_view part : split(kept, ' ')) words_.push_back(part);
        shifted_ = true;
      }
    }
  }

  Invocation read() {
    if (!words_.empty()) out_.alert_file = std::string(words_[0]);
    std::size_t tail = find_tail();
    take_key_and_url(1, tail);
    take_tail(tail);
    if (shifted_) {
      out_.remarks.emplace_back(
          "the arguments are shifted: remove blanks in and around <api_key> and <hook_url>");
    }
    return std::move(out_);
  }

 private:
  // Index of the first word behind key and URL: `debug`, the options file or the numbers.
  std::size_t find_tail() const {
    for (std::size_t i = 1; i < words_.size(); ++i) {
      if (is_options_file(words_[i])) return i > 1 && words_[i - 1] == "debug" ? i - 1 : i;
      // A key may be the word debug: at its own place it counts only behind key and URL.
      if (words_[i] == "debug" && i >= 3) return i;
    }
    // No options file: the two numbers at the end, with their empty neighbours, or position 4.
    std::size_t end = words_.size();
    if (end >= 3 && parse_u64(words_[end - 1]) && parse_u64(words_[end - 2])) {
      end -= 2;
      return std::max<std::size_t>(end, 1);
    }
    return std::min<std::size_t>(std::max<std::size_t>(words_.size(), 1), kAfterUrl);
  }

  void take_key_and_url(std::size_t from, std::size_t to) {
    to = std::min(to, words_.size());
    std::size_t url = to;
    for (std::size_t i = from; i < to; ++i) {
      if (is_url(words_[i])) {
        url = i;
        break;
      }
    }
    std::vector<std::string_view> key;
    for (std::size_t i = from; i < std::min(url, to); ++i) {
      if (!words_[i].empty()) key.push_back(words_[i]);
    }
    if (url < to) {
      out_.hook_url = std::string(trim(words_[url]));
      shifted_ = shifted_ || url != 2;
      for (std::size_t i = url + 1; i < to; ++i) {
        if (!words_[i].empty()) shifted_ = true;  // a blank inside or behind the URL
      }
    } else if (key.size() == 2 && to - from == 2) {
      // No http:// anywhere: position decides, so that a bad URL is named and not taken for a key.
      out_.hook_url = std::string(key[1]);
      key.pop_back();
    }
    if (key.size() > 1) shifted_ = true;
    std::string joined;
    for (const std::string_view part : key) joined.append(joined.empty() ? "" : " ").append(part);
    split_swallowed_url(joined);
    out_.key = Secret(std::string(trim(joined)));
    secure_wipe(joined.data(), joined.size());
  }

  // A key that ends in a backslash takes the URL along: `KEY https://…`.
  void split_swallowed_url(std::string& key) {
    if (!out_.hook_url.empty()) return;
    for (const char* scheme : {" http://", " https://"}) {
      const std::size_t at = key.find(scheme);
      if (at == std::string::npos) continue;
      out_.hook_url = std::string(trim(std::string_view(key).substr(at)));
      secure_wipe(key.data() + at, key.size() - at);
      key.resize(at);
      shifted_ = true;
      return;
    }
  }

  void take_tail(std::size_t at) {
    std::vector<std::uint64_t> numbers;
    for (std::size_t i = at; i < words_.size(); ++i) {
      const std::string_view word = words_[i];
      if (word == "debug") {
        out_.debug = true;
      } else if (is_options_file(word)) {
        out_.options_file = std::string(word);
        numbers.clear();
      } else if (const auto number = parse_u64(word)) {
        numbers.push_back(*number);
      }
    }
    if (!numbers.empty() && numbers[0] >= 1) {
      out_.timeout_s = static_cast<int>(std::min<std::uint64_t>(numbers[0], kMostSeconds));
    }
    if (numbers.size() > 1) {
      out_.retries = static_cast<int>(std::min<std::uint64_t>(numbers[1], kMostRetries));
    }
  }

  static constexpr std::size_t kAfterUrl = 3;
  std::vector<std::string_view> words_;
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
