// SPDX-License-Identifier: Apache-2.0
#include "config/shown_value.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "http/url_login.h"
#include "json/duplicate_keys.h"
#include "json/writer.h"

namespace socbridge::config {
namespace {

constexpr std::string_view kMark = "[redacted]";
constexpr std::string_view kSlashes = "://";

constexpr std::array<std::string_view, 7> kSecretNames = {
    "api_key", "apikey", "key", "password", "token", "secret", "proxy_login"};
constexpr std::array<std::string_view, 3> kUrlNames = {"url", "proxy", "external_link"};

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view one) { return iequals(one, name); });
}

// A text that is one URL. Rejected URLs are redacted too: the password may have a slash, and the
// scheme may be missing.
std::string shown_url(std::string_view url) {
  const std::size_t at = url.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  const std::size_t slashes = url.find(kSlashes);
  const std::size_t begin = slashes < at ? slashes + kSlashes.size() : 0;
  return std::string(url.substr(0, begin)).append(kMark).append(url.substr(at));
}

// Writes a value without its secrets.
class Redactor {
 public:
  void add(json::Value value, std::string_view name) {  // NOLINT(misc-no-recursion)
    if (is_one_of(kSecretNames, name)) {
      secret(value);
    } else if (value.is_object()) {
      object(value);
    } else if (value.is_array()) {
      w_.begin_array();
      for (std::size_t i = 0; i < value.size(); ++i) add(value.at(i), name);
      w_.end_array();
    } else if (const auto text = value.string()) {
      w_.value(is_one_of(kUrlNames, name) ? shown_url(*text)
                                          : http::without_logins(*text, kMark, "/?# \t\r\n"));
    } else {
      w_.value(value);
    }
  }

  void secret(json::Value value) {
    const bool empty = value.string() == "" || value.type() == json::Type::null;
    w_.value(empty ? "" : "[set]");
  }

  void rows(const Schema& row, json::Value rows) {
    json::DuplicateKeyFilter names(rows);
    w_.begin_object();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!names.is_first(i)) continue;
      w_.key(rows.key_at(i));
      one_row(row, rows.value_at(i));
    }
    w_.end_object();
  }

  std::string take() && { return std::move(w_).take(); }

 private:
  void object(json::Value value) {  // NOLINT(misc-no-recursion)
    json::DuplicateKeyFilter names(value);
    w_.begin_object();
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (!names.is_first(i)) continue;
      w_.key(value.key_at(i));
      add(value.value_at(i), value.key_at(i));
    }
    w_.end_object();
  }

  void one_row(const Schema& row, json::Value value) {
    json::DuplicateKeyFilter names(value);
    w_.begin_object();
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto known = std::find_if(row.begin(), row.end(),
                                      [&](const Key& key) { return key.name == value.key_at(i); });
      if (known == row.end() || !names.is_first(i)) continue;
      w_.key(known->name);
      if (known->kind == Kind::secret) {
        secret(value.value_at(i));
      } else {
        add(value.value_at(i), known->name);
      }
    }
    w_.end_object();
  }

  json::Writer w_;
};

}  // namespace

std::string shown_value(const Key& key, json::Value value) {
  if (value.missing()) return "null";
  Redactor redactor;
  if (key.kind == Kind::secret) {
    redactor.secret(value);
  } else if (key.row != nullptr) {
    redactor.rows(key.row(), value);
  } else {
    redactor.add(value, key.name);
  }
  return std::move(redactor).take();
}

}  // namespace socbridge::config
