// SPDX-License-Identifier: Apache-2.0
// Any bytes: parsing never crashes, and its result can be read, written and read again.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "json/abridge.h"
#include "json/quote.h"
#include "json/value.h"
#include "json/writer.h"
#include "scratch.h"

namespace {

namespace json = socbridge::json;

void walk(json::Value value) {
  if (const auto text = value.string()) fuzz::require(socbridge::is_valid_utf8(*text));
  if (const auto number = value.integer()) fuzz::require(value.lenient_integer() == number);
  fuzz::require(!value.is_number() || (value.number() && value.scalar_text()));
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value.is_object()) {
      fuzz::require(!value[value.key_at(i)].missing());
      fuzz::require(!value.path(value.key_at(i)).missing());
    }
    walk(value.value_at(i));
  }
}

void check(std::string_view text, const json::ParseOptions& options) {
  const auto document = json::Document::parse(text, options);
  if (!document.ok()) {
    fuzz::require(document.status().message().starts_with("line "));
    return;
  }
  const json::Value root = document->root();
  walk(root);
  const std::string dump = root.dump();
  const auto again = json::Document::parse(dump, {.repair_utf8 = false});
  fuzz::require(again.ok() && again->root().dump() == dump);
  const auto pretty = json::Document::parse(json::pretty(dump));
  fuzz::require(pretty.ok() && pretty->root().dump() == dump);
  fuzz::require(!json::to_yaml(root).empty());
  if (root.is_object() && root.size() != 0 && options.comments && !options.allow_trailing) {
    fuzz::require(!json::locate(text, root.key_at(0)).empty());
  }
}

// Abridged text is JSON if the text was, and within the bounds.
void abridged(std::string_view text) {
  json::Bounds bounds;
  bounds.depth = 4;
  bounds.values = 10;
  bounds.all_values = 30;
  bounds.members = 6;
  bounds.string = 40;
  bounds.all_strings = 200;
  bounds.part = 20;
  const json::Repaired out = json::abridge(text, bounds);
  json::ParseOptions options;
  if (json::Document::parse(text, options).ok()) {
    fuzz::require(json::Document::parse(out.text, options).ok());
  }
  options.repair_utf8 = false;
  if (json::Document::parse(text, options).ok()) {
    fuzz::require(json::Document::parse(out.text, options).ok());
  }
  fuzz::require(out.text.size() <= 2 * text.size() + 100);
  fuzz::require(json::escape_unprintable(json::escape_unprintable(text)) ==
                json::escape_unprintable(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, {});
  check(text, {.comments = true});
  check(text, {.allow_trailing = true});
  check(text, {.comments = true, .allow_trailing = true, .max_depth = 8});
  check(text, json::ParseOptions::abridging());
  abridged(text);
  const auto quoted = json::Document::parse(json::quote(text));
  fuzz::require(quoted.ok() && quoted->root().string() == socbridge::repair_utf8(text));
  return 0;
}
