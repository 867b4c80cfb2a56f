// SPDX-License-Identifier: Apache-2.0
#include "integration/redacted_invocation.h"

#include <algorithm>

#include "base/text.h"
#include "http/url_login.h"
#include "json/value.h"
#include "json/writer.h"

namespace socbridge::integration {
namespace {

const config::Key* find_key(const config::Schema& schema, std::string_view name) {
  const auto it = std::find_if(schema.begin(), schema.end(),
                               [&](const config::Key& key) { return key.name == name; });
  return it == schema.end() ? nullptr : &*it;
}

}  // namespace

std::string url_for_spool(std::string_view hook_url) {
  if (!istarts_with(hook_url, "http://") && !istarts_with(hook_url, "https://")) return {};
  const std::string url = http::without_logins(hook_url);
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
      out.value(http::without_logins(*text));
    } else {
      out.value(value);
    }
  }
  out.end_object();
  return redact(std::move(out).take(), key);
}

}  // namespace socbridge::integration
