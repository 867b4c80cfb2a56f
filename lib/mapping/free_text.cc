// SPDX-License-Identifier: Apache-2.0
#include "mapping/free_text.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "mapping/leaf_name.h"
#include "observable/refang.h"
#include "observable/validate.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kLongest = 65536;  // longest text that is searched
constexpr std::string_view kBeforeWord = " \t\r\n\"'`<>|;,{}\\^()[]=@";
constexpr std::string_view kEnds = " \t\r\n\"'`<>|;,{}\\^";

bool is_alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Closing brackets without an opening one belong to the surrounding text.
std::string_view without_tail(std::string_view word) {
  auto round =
      std::count(word.begin(), word.end(), '(') - std::count(word.begin(), word.end(), ')');
  auto square =
      std::count(word.begin(), word.end(), '[') - std::count(word.begin(), word.end(), ']');
  while (!word.empty() &&
         std::string_view(".,;:!?)]}'\"").find(word.back()) != std::string_view::npos) {
    if (word.back() == ')' && round++ >= 0) break;
    if (word.back() == ']' && square++ >= 0) break;
    word.remove_suffix(1);
  }
  return word;
}

bool is_hash(std::string_view word) {
  static constexpr std::array<std::size_t, 4> kLengths = {32, 40, 64, 128};
  if (std::find(kLengths.begin(), kLengths.end(), word.size()) == kLengths.end()) return false;
  const bool digit = word.find_first_of("0123456789") != std::string_view::npos;
  const bool letter = word.find_first_of("abcdefABCDEF") != std::string_view::npos;
  return digit && letter && observable::parse_hash(word).has_value();
}

bool is_defanged(std::string_view word) {
  return word.find("[.]") != std::string_view::npos || word.find("(.)") != std::string_view::npos ||
         word.find("[dot]") != std::string_view::npos || word.find("[:]") != std::string_view::npos;
}

bool says_version(std::string_view before) {
  constexpr std::size_t kEnough = 64;  // limits the cost for each word of a long text
  before.remove_prefix(before.size() - std::min(before.size(), kEnough));
  // `version 1.2.3.4`, `version: 1.2.3.4`, `Version=1.2.3.4`, `version (1.2.3.4)`.
  before = before.substr(0, before.find_last_not_of(" \t\r\n:=([\"'") + 1);
  const std::string word = ascii_lower(before.substr(before.find_last_of(kBeforeWord) + 1));
  return word == "version" || word == "ver" || word == "v" || word == "release" || word == "build";
}

class TextSearch {
 public:
  TextSearch(const Origin& origin, Collector& collector) : origin_(origin), collector_(collector) {}

  void run(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size() && collector_.may_add_from_text()) {
      const std::size_t begin = text.find_first_not_of(kEnds, at);
      if (begin == std::string_view::npos) return;
      const std::size_t end = std::min(text.find_first_of(kEnds, begin), text.size());
      word(text.substr(0, end), begin);
      at = end;
    }
  }

 private:
  void offer(std::string_view type, std::string_view text) {
    if (collector_.offer(origin_, type, text, "from-text")) collector_.count_from_text();
  }

  // The word from `from` to the end of the text.
  void word(std::string_view text, std::size_t from) {
    const std::string_view word = text.substr(from);
    if (const std::size_t mark = word.find("://"); mark != std::string_view::npos) {
      return url(word, mark);
    }
    if (is_defanged(word)) return defanged(word);
    // `rhost=192.0.2.1`, `(192.0.2.1)`, `[CLIENT:` and `192.0.2.1]`.
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= word.size(); ++i) {
      if (i < word.size() && std::string_view("=()[]@").find(word[i]) == std::string_view::npos)
        continue;
      piece(without_tail(word.substr(begin, i - begin)), text.substr(0, from + begin));
      begin = i + 1;
    }
  }

  void url(std::string_view word, std::size_t mark) {
    std::size_t begin = mark;
    while (begin > 0 && (is_alnum(word[begin - 1]) || word[begin - 1] == '*')) --begin;
    std::string_view link = word.substr(begin);
    // `('http://…')`: the closing bracket belongs to the text before the link.
    if (link.find('(') == std::string_view::npos) link = link.substr(0, link.find(')'));
    const std::string plain = observable::refang(without_tail(link));
    const auto parsed = observable::parse_url(plain);
    if (parsed && !is_console_url(*parsed)) offer("url", plain);
  }

  void defanged(std::string_view word) {
    const std::string plain = observable::refang(without_tail(word));
    if (is_sure_address(plain)) return offer("ip", plain);
    if (observable::parse_url(plain)) return offer("url", plain);
    if (observable::parse_mail(plain)) return offer("mail", plain);
    if (plain.find('/') != std::string::npos) return offer("url", plain);
    if (observable::parse_domain(plain)) offer("domain", plain);
  }

  void piece(std::string_view piece, std::string_view before) {
    constexpr std::size_t kShortest = 3;
    if (piece.size() < kShortest) return;
    if (is_sure_address(piece)) {
      if (!says_version(before)) offer("ip", piece);
    } else if (is_hash(piece)) {
      offer("hash", piece);
    } else if (const std::size_t sign = piece.find(':');
               sign != std::string_view::npos && is_hash(piece.substr(sign + 1))) {
      offer("hash", piece.substr(sign + 1));
    }
  }

  const Origin& origin_;
  Collector& collector_;
};

}  // namespace

bool is_sure_address(std::string_view text) {
  const auto address = observable::parse_ip(text);
  if (!address) return false;
  if (address->text.find(':') == std::string::npos) return true;
  const std::string_view v6 = address->text;
  return v6.front() == '2' || v6.front() == '3' ? v6.find(':') == 4
                                                : v6.starts_with("fc") || v6.starts_with("fd");
}

void search_text(std::string_view text, Origin origin, Collector& collector) {
  origin.found_by = "found in text";
  origin.only_new = true;
  TextSearch(origin, collector).run(text.substr(0, kLongest));
}

}  // namespace socbridge::mapping
