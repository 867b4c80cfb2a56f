// SPDX-License-Identifier: Apache-2.0
#include "mapping/by_content.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/joined.h"
#include "base/text.h"
#include "mapping/composite.h"
#include "mapping/free_text.h"
#include "mapping/leaf_name.h"
#include "mapping/name_set.h"
#include "mapping/pieces.h"
#include "mapping/request_url.h"
#include "mapping/win_eventdata.h"
#include "mapping/words.h"
#include "observable/names.h"
#include "observable/refang.h"
#include "observable/validate.h"

namespace socbridge::mapping {
namespace {

using observable::is_public_domain;
using observable::without_port;

constexpr int kDeepest = 32;
constexpr std::size_t kLongest = 8192;  // longest leaf that may be one value

template <typename Test>
bool every_piece(std::string_view text, std::string_view separators, const Test& test) {
  bool any = false, all = true;
  pieces(text, separators, Quotes::kept, [&](std::string_view piece) {
    any = true;
    all = all && test(piece);
  });
  return any && all;
}

constexpr std::array<bool, 256> kAddressSigns = [] {
  std::array<bool, 256> out{};
  for (const char c : std::string_view("0123456789abcdefABCDEF.:[]%,; #()/"))
    out[static_cast<unsigned char>(c)] = true;
  return out;
}();

bool is_sure_endpoint(std::string_view text) {
  return is_sure_address(text) || is_sure_address(before_port(text));
}

bool is_address_list(std::string_view text, std::string_view name) {
  if (!std::all_of(text.begin(), text.end(),
                   [](char c) { return kAddressSigns[static_cast<unsigned char>(c)]; }))
    return false;
  if (is_sure_endpoint(text)) return true;
  return leaf::address(name) && every_piece(text, ",; ", is_sure_endpoint);
}

bool is_public_mail(std::string_view text) {
  const auto mail = observable::parse_mail(text);
  return mail && is_public_domain(std::string_view(*mail).substr(mail->rfind('@') + 1));
}

bool is_url(std::string_view text) {
  constexpr std::size_t kLongestScheme = 7;
  const std::size_t scheme = text.substr(0, kLongestScheme + 1).find(':');
  return scheme != std::string_view::npos && text.substr(scheme).starts_with("://") &&
         text.find_first_of(" \n\t") == std::string_view::npos && observable::parse_url(text) &&
         !is_console_url(text);
}

// A URL without a scheme, in a field for URLs.
std::string_view by_url_name(std::string_view text) {
  if (text.find_first_of(" \n\t") != std::string_view::npos) return {};
  if (is_public_domain(without_port(text))) return "host";
  const bool address = observable::parse_ip(text.substr(0, text.find('/'))).has_value();
  if (address || !lacks_scheme(text) || is_console_url("http://" + std::string(text))) return {};
  return "url";
}

bool is_account(std::string_view text) {
  constexpr std::size_t kLongestAccount = 128;
  return text.size() <= kLongestAccount &&
         text.find_first_of("\r\n\t{}[]<>;,?*/|") == std::string_view::npos &&
         std::count(text.begin(), text.end(), ' ') <= 2;
}

// `CORP\f.jung`
bool is_domain_account(std::string_view text) {
  const std::size_t slash = text.find('\\');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < text.size() &&
         text.find('\\', slash + 1) == std::string_view::npos && is_account(text) &&
         text.find_first_of(" :.") > slash;
}

bool is_file(std::string_view text) {
  constexpr std::size_t kLongestFile = 1024;
  if (text.size() > kLongestFile || text.find('\n') != std::string_view::npos) return false;
  // On Windows, a path that ends in a name without a point is a folder.
  const std::size_t slash = text.rfind('\\');
  if (slash != std::string_view::npos) return text.find('.', slash) != std::string_view::npos;
  return text.find_first_of("/.") != std::string_view::npos;
}

// `curl/7.88.1`: the beginning of a user agent.
bool is_product(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < text.size() &&
         text[slash + 1] >= '0' && text[slash + 1] <= '9' &&
         text.substr(0, slash).find_first_of(" .:\\") == std::string_view::npos;
}

constexpr std::string_view kExcluded = "-";  // the leaf's name excludes its value

// The type to try for a leaf; empty if the complete leaf is not an observable.
std::string_view by_value(std::string_view text, std::string_view name) {
  if (is_address_list(text, name)) return leaf::no_address(name) ? kExcluded : "ip";
  if (is_url(text)) return leaf::no_url(name) ? kExcluded : "url";
  if (text.find('@') != std::string_view::npos && !leaf::no_mail(name) &&
      every_piece(text, ",;\r\n", is_public_mail)) {
    return "mail";
  }
  return {};
}

std::string_view by_name(std::string_view text, std::string_view name, std::string_view parent) {
  if (leaf::user_agent(name) || (name == "agent" && is_product(text))) return "user-agent";
  if (leaf::user(name, parent) && (is_account(text) || istarts_with(text, "arn:")))
    return "username";
  if (leaf::account(name) && is_domain_account(text)) return "username";
  if (leaf::file(name, parent) && is_file(text)) return "filename";
  if ((leaf::domain(name, parent) || leaf::indicator(name)) && is_public_domain(without_port(text)))
    return "host";
  if (leaf::url(name) && !leaf::no_url(name)) return by_url_name(text);
  if (leaf::indicator(name) && observable::normalise_hash(text)) return "hash";
  if (leaf::mac(name)) return "mac";
  constexpr std::size_t kShortest = 32;  // length of a fingerprint
  if (leaf::tls_client(name) && text.size() >= kShortest) return "other";
  return {};
}

class Search {
 public:
  Search(const Options& options, Taken taken, Collector& collector)
      : options_(options), taken_(std::move(taken)), collector_(collector) {
    std::sort(taken_.begin(), taken_.end());
    constexpr std::size_t kUsual = 8;
    names_.reserve(kUsual);
  }

  void object(json::Value at, std::string_view own_name) {
    if (names_.size() > kDeepest) return;
    if (const auto url = request_url(at, own_name)) request(*url);
    NameSet seen;
    for (std::size_t i = 0; i < at.size() && !collector_.exhausted(); ++i) {
      const std::string_view key = at.key_at(i);
      const json::Value one = at.value_at(i);
      // Equal names have the same slot.
      const std::uint8_t slot = name_slot(key);
      if (seen.has(slot) && !is_first(at, key, one)) continue;
      seen.add(slot);
      if (names_.empty()) windows_ = key == "win";
      names_.push_back(key);
      const PlainName label(label_of(at, key));
      const PlainName name(key);
      beside_ = named_beside(at, key);
      value(one, label.text().empty() ? name.text() : label.text(), own_name);
      names_.pop_back();
    }
  }

 private:
  // Of duplicate names the first wins. Not checked in an object of thousands of members, where the
  // search would take quadratic time.
  static bool is_first(json::Value at, std::string_view key, json::Value one) {
    constexpr std::size_t kLargest = 256;
    if (at.size() > kLargest) return true;
    const json::Value first = at[key];
    if (const auto text = one.string()) return first.string_or_empty().data() == text->data();
    if (!one.is_object() || one.size() == 0) return true;
    return first.key_at(0).data() == one.key_at(0).data();
  }

  // Microsoft 365: `{"Name": "UserAgent", "Value": "…"}`.
  static std::string_view named_beside(json::Value at, std::string_view key) {
    if (key == "Value") return at["Name"].string_or_empty();
    return key == "value" ? at["name"].string_or_empty() : std::string_view();
  }

  // CEF: `c6a2Label` names the value in `c6a2`.
  static std::string_view label_of(json::Value at, std::string_view key) {
    constexpr std::size_t kLongestKey = 40;
    if (!key.starts_with('c') && !key.starts_with('f') && !key.starts_with('d')) return {};
    const bool custom = key.starts_with("c6a") || key.starts_with("cs") || key.starts_with("cn") ||
                        key.starts_with("flex") || key.starts_with("deviceCustom");
    if (!custom || key.size() > kLongestKey) return {};
    return at[std::string(key) + "Label"].string_or_empty();
  }

  void value(json::Value one, std::string_view name, std::string_view parent) {
    if (const auto text = one.string()) {
      leaf(*text, name, parent);
    } else if (one.is_object()) {
      if (leaf::own_branch(name) || (windows_ && name == "system")) return;
      object(one, name);
    } else if (one.is_array()) {
      if (leaf::own_branch(name) || names_.size() > kDeepest) return;
      for (std::size_t i = 0; i < one.size() && !collector_.exhausted(); ++i) {
        const json::Value element = one.at(i);
        if (!element.is_array()) value(element, name, parent);
      }
    }
  }

  void leaf(std::string_view raw, std::string_view given, std::string_view parent) {
    const std::string_view text = trim(raw);
    if (text.empty() || std::binary_search(taken_.begin(), taken_.end(), raw.data())) return;
    // `{"hash": {"value": "…"}}`: the outer name decides.
    static constexpr Words<3> kSayNothing = {"value", "string", "text"};
    const std::string_view name = kSayNothing.has(given) ? parent : given;
    std::string_view type;
    if (text.size() <= kLongest) type = type_of(text, name, parent);
    if (type.empty() && !beside_.empty() && text.size() <= kLongest) {
      type = type_of(text, PlainName(beside_).text(), parent);
    }
    if (type == kExcluded || !(type.empty() ? options_.free_text : options_.find_by_content))
      return;
    const std::string path = joined();
    if (is_ignored(path)) return;
    Origin origin{"data", path};
    origin.found_by = "found by content";
    if (!type.empty()) {
      collector_.offer(origin, type, text);
    } else if (!leaf::no_url(name) && !observable::normalise_hash(text)) {  // a JA3, a session
      search_text(windows_ ? unescape_eventdata(text) : std::string(text), origin, collector_);
    }
  }

  std::string_view type_of(std::string_view text, std::string_view name,
                           std::string_view parent) const {
    if (observable::is_placeholder(text)) return {};
    if (const auto type = by_value(text, name); !type.empty()) return type;
    if (is_defanged(text)) {
      if (const auto type = by_value(observable::refang(text), name); !type.empty()) return type;
    }
    constexpr std::size_t kShortestHash = 32;
    if (text.size() >= kShortestHash && leaf::hash(name, parent)) return "hash";
    // The names of Windows events are in the table.
    if (windows_) return {};
    return by_name(text, name, parent);
  }

  void request(const RequestUrl& url) {
    const std::string path = names_.empty() ? url.fields : joined() + "." + url.fields;
    if (is_ignored(path) || collector_.is_own_host(url.host)) return;
    const Origin origin{"data", path};
    collector_.offer(origin, "url", url.url, url.guessed_scheme ? "scheme:guessed" : nullptr);
  }

  std::string joined() const { return socbridge::joined(names_, "."); }

  // Also true below an ignored path.
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
  std::string_view beside_;  // type that a sibling member gives the value; may be empty
  bool windows_ = false;     // below `data.win`
};

}  // namespace

void search_leaves(json::Value data, const Options& options, Taken taken, Collector& collector) {
  if (data.is_object()) Search(options, std::move(taken), collector).object(data, "data");
}

}  // namespace socbridge::mapping
