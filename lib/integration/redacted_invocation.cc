// SPDX-License-Identifier: Apache-2.0
#include "integration/redacted_invocation.h"

#include <algorithm>

#include "base/text.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::integration {
namespace {

// Removes `user:password@` from the authority.
std::string without_user(std::string_view url) {
  constexpr std::string_view kSlashes = "://";
  const std::size_t scheme = url.find(kSlashes);
  if (scheme == std::string_view::npos) return std::string(url);
  const std::size_t host = scheme + kSlashes.size();
  const std::size_t end = std::min(url.find_first_of("/?#", host), url.size());
  const std::size_t at = url.substr(0, end).rfind('@');
  if (at == std::string_view::npos || at < host) return std::string(url);
  return std::string(url.substr(0, host)).append(url.substr(at + 1));
}

const config::Key* find_key(const config::Schema& schema, std::string_view name) {
  const auto it = std::find_if(schema.begin(), schema.end(),
                               [&](const config::Key& key) { return key.name == name; });
  return it == schema.end() ? nullptr : &*it;
}

}  // namespace

std::string url_for_spool(std::string_view hook_url) {
  if (!istarts_with(hook_url, "http://") && !istarts_with(hook_url, "https://")) return {};
  const std::string url = without_user(hook_url);
  return url.substr(0, url.find_first_of("?#"));
}

std::string options_for_spool(std::string_view options_json, const config::Schema& schema,
                              const Secret& key) {
  const auto document = json::Document::parse(options_json, json::ParseOptions::configuration());
  if (!document.ok() || !document->root().is_object()) return {};
  const json::Value root = document->root();
  json::Writer out;
  out.begin_object();
  for (std::size_t i = 0; i < root.size(); ++i) {
    const config::Key* known = find_key(schema, root.key_at(i));
    const json::Value value = root.value_at(i);
    const auto text = value.string();
    if (known == nullptr) continue;       // may be a misspelt api_key
    if (known->row != nullptr) continue;  // its rows may have keys
    if (known->kind == config::Kind::secret && !(text && text->starts_with("file:"))) continue;
    out.key(known->name);
    if (text) {
      out.value(without_user(*text));
    } else {
      out.value(value);
    }
  }
  out.end_object();
  return redact(std::move(out).take(), key);
}

}  // namespace socbridge::integration
