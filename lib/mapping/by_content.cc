// SPDX-License-Identifier: Apache-2.0
#include "mapping/by_content.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "mapping/free_text.h"
#include "mapping/leaf_name.h"
#include "mapping/request_url.h"
#include "mapping/win_eventdata.h"
#include "observable/names.h"
#include "observable/validate.h"

namespace socbridge::mapping {
namespace {

using observable::is_public_domain;
using observable::without_port;

constexpr int kDeepest = 32;
constexpr std::size_t kLongest = 8192;  // of a leaf that may be one value

template <typename Test>
bool every_piece(std::string_view text, std::string_view separators, const Test& test) {
  bool any = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    const std::string_view piece = trim(text.substr(0, end));
    if (!piece.empty() && !test(piece)) return false;
    any = any || !piece.empty();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return any;
}

bool is_address_list(std::string_view text, std::string_view name) {
  if (text.find_first_not_of("0123456789abcdefABCDEF.:[]%,; ") != std::string_view::npos)
    return false;
  if (is_sure_address(text)) return true;
  return leaf::address(name) && every_piece(text, ",; ", is_sure_address);
}

bool is_public_mail(std::string_view text) {
  const auto mail = observable::parse_mail(text);
  return mail && is_public_domain(std::string_view(*mail).substr(mail->rfind('@') + 1));
}

bool is_url(std::string_view text) {
  return text.find("://") < 8 && text.find_first_of(" \n\t") == std::string_view::npos &&
         observable::parse_url(text) && !is_console_url(text);
}

bool is_account(std::string_view text) {
  constexpr std::size_t kLongestAccount = 128;
  return text.size() <= kLongestAccount &&
         text.find_first_of("\r\n\t{}[]<>;,?*/|") == std::string_view::npos &&
         std::count(text.begin(), text.end(), ' ') <= 2;
}

bool is_file(std::string_view text) {
  constexpr std::size_t kLongestFile = 1024;
  if (text.size() > kLongestFile || text.find('\n') != std::string_view::npos) return false;
  // A path that ends in a name without a point is a folder on Windows.
  const std::size_t slash = text.rfind('\\');
  if (slash != std::string_view::npos) return text.find('.', slash) != std::string_view::npos;
  return text.find_first_of("/.") != std::string_view::npos;
}

constexpr std::string_view kExcluded = "-";  // the leaf's name says that it is no observable

// The type to try for a leaf; empty if it is no observable as a whole.
std::string_view by_value(std::string_view text, std::string_view name) {
  if (is_address_list(text, name)) return leaf::no_address(name) ? kExcluded : "ip";
  if (is_url(text)) return leaf::no_url(name) ? kExcluded : "url";
  if (text.find('@') != std::string_view::npos && !leaf::no_mail(name) &&
      every_piece(text, ",;", is_public_mail)) {
    return "mail";
  }
  return {};
}

std::string_view by_name(std::string_view text, std::string_view name, std::string_view parent) {
  if (leaf::user_agent(name)) return "user-agent";
  if (leaf::user(name, parent) && (is_account(text) || istarts_with(text, "arn:")))
    return "username";
  if (leaf::file(name) && is_file(text)) return "filename";
  if ((leaf::domain(name) || leaf::indicator(name)) && is_public_domain(without_port(text)))
    return "host";
  if (leaf::indicator(name) && observable::normalise_hash(text)) return "hash";
  return {};
}

class Search {
 public:
  Search(const Options& options, Taken taken, Collector& collector)
      : options_(options), taken_(std::move(taken)), collector_(collector) {
    std::sort(taken_.begin(), taken_.end());
  }

  void object(json::Value at, const std::string& own_name) {
    if (names_.size() > kDeepest) return;
    std::vector<std::string> names(at.size());
    for (std::size_t i = 0; i < at.size(); ++i) names[i] = plain_name(at.key_at(i));
    if (const auto url = request_url(at, names, own_name)) request(*url);
    for (std::size_t i = 0; i < at.size() && !collector_.exhausted(); ++i) {
      const std::string_view key = at.key_at(i);
      if (const auto label = label_of(at, key); !label.empty()) names[i] = plain_name(label);
      const json::Value one = at.value_at(i);
      if (!is_first(at, key, one)) continue;
      names_.push_back(key);
      value(one, names[i], own_name);
      names_.pop_back();
    }
  }

 private:
  // Of duplicated names the first wins. Not checked in an object of thousands of members, where the
  // search would take quadratic time.
  static bool is_first(json::Value at, std::string_view key, json::Value one) {
    constexpr std::size_t kLargest = 256;
    if (at.size() > kLargest) return true;
    const json::Value first = at[key];
    if (const auto text = one.string()) return first.string().value_or("").data() == text->data();
    if (!one.is_object() || one.size() == 0) return true;
    return first.key_at(0).data() == one.key_at(0).data();
  }

  // CEF: `c6a2` holds what `c6a2Label` says.
  static std::string_view label_of(json::Value at, std::string_view key) {
    constexpr std::size_t kLongestKey = 40;
    const bool custom = key.starts_with("c6a") || key.starts_with("cs") || key.starts_with("cn") ||
                        key.starts_with("flex") || key.starts_with("deviceCustom");
    if (!custom || key.size() > kLongestKey) return {};
    return at[std::string(key) + "Label"].string().value_or("");
  }

  void value(json::Value one, const std::string& name, const std::string& parent) {
    if (const auto text = one.string()) {
      leaf(*text, name, parent);
    } else if (one.is_object()) {
      const bool windows = names_.front() == "win";
      if (leaf::own_branch(name) || (windows && name == "system")) return;
      object(one, name);
    } else if (one.is_array()) {
      if (leaf::own_branch(name) || names_.size() > kDeepest) return;
      for (std::size_t i = 0; i < one.size() && !collector_.exhausted(); ++i) {
        const json::Value element = one.at(i);
        if (!element.is_array()) value(element, name, parent);
      }
    }
  }

  void leaf(std::string_view raw, const std::string& given, const std::string& parent) {
    const std::string_view text = trim(raw);
    if (text.empty() || std::binary_search(taken_.begin(), taken_.end(), raw.data())) return;
    // `{"hash": {"value": "…"}}`: the outer name says what it is.
    const bool says_nothing = given == "value" || given == "string" || given == "text";
    const std::string& name = says_nothing ? parent : given;
    std::string_view type;
    if (text.size() <= kLongest) type = type_of(text, name, parent);
    if (type == kExcluded || !(type.empty() ? options_.free_text : options_.find_by_content))
      return;
    const std::string path = joined();
    if (is_ignored(path)) return;
    Origin origin{"data", path};
    origin.found_by = "found by content";
    if (!type.empty()) {
      collector_.offer(origin, type, text);
    } else if (!leaf::no_url(name)) {
      const bool windows = names_.front() == "win";
      search_text(windows ? unescape_eventdata(text) : std::string(text), origin, collector_);
    }
  }

  std::string_view type_of(std::string_view text, std::string_view name,
                           std::string_view parent) const {
    if (observable::is_placeholder(text)) return {};
    if (const auto type = by_value(text, name); !type.empty()) return type;
    constexpr std::size_t kShortestHash = 32;
    if (text.size() >= kShortestHash && leaf::hash(name)) return "hash";
    // What the names of a Windows event mean, the table knows.
    if (names_.front() == "win") return {};
    return by_name(text, name, parent);
  }

  void request(const RequestUrl& url) {
    const std::string path = names_.empty() ? url.fields : joined() + "." + url.fields;
    if (is_ignored(path) || collector_.is_own_host(url.host)) return;
    const Origin origin{"data", path};
    collector_.offer(origin, "url", url.url, url.guessed_scheme ? "scheme:guessed" : nullptr);
  }

  std::string joined() const {
    std::string out;
    for (const std::string_view name : names_) {
      if (!out.empty()) out += '.';
      out += name;
    }
    return out;
  }

  // Also below an ignored path.
  bool is_ignored(const std::string& path) const {
    if (options_.ignore_paths.empty()) return false;
    const std::string whole = "data." + path;
    return std::any_of(
        options_.ignore_paths.begin(), options_.ignore_paths.end(), [&](const std::string& one) {
          return whole == one || (whole.starts_with(one) && whole[one.size()] == '.');
        });
  }

  const Options& options_;
  Taken taken_;
  Collector& collector_;
  std::vector<std::string_view> names_;
};

}  // namespace

void search_leaves(json::Value data, const Options& options, Taken taken, Collector& collector) {
  if (data.is_object()) Search(options, std::move(taken), collector).object(data, "data");
}

}  // namespace socbridge::mapping
