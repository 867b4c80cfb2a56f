// SPDX-License-Identifier: Apache-2.0
#include "config/settings.h"

#include <algorithm>
#include <cassert>
#include <optional>

#include "base/text.h"
#include "config/check.h"
#include "config/error_list.h"
#include "config/shown_value.h"
#include "json/duplicate_keys.h"
#include "json/locator.h"
#include "json/writer.h"

namespace socbridge::config {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

Status placed(const std::string& origin, const std::string& position, const Status& error) {
  std::string where = printable(origin) + ":";
  if (!position.empty()) where += position + ":";
  return Status::error(error.code(), where + " " + error.message(), error.hint());
}

// "line 3, column 7: reason" as an error at "origin:3:7:".
Status not_json(const std::string& origin, std::string_view message) {
  static constexpr std::string_view kLine = "line ", kColumn = ", column ";
  std::string position;
  const std::size_t comma = message.find(kColumn);
  const std::size_t colon = message.find(": ");
  if (message.starts_with(kLine) && comma < colon && colon != std::string_view::npos) {
    const std::size_t column = comma + kColumn.size();
    position = std::string(message.substr(kLine.size(), comma - kLine.size())) + ":" +
               std::string(message.substr(column, colon - column));
    message.remove_prefix(colon + 2);
  }
  return placed(origin, position,
                Status::error(ExitCode::usage, "not JSON: " + std::string(message)));
}

// One source of values. Its views are valid as long as it.
struct Layer {
  json::Document document;
  std::string text;  // the original text, for positions
  std::string origin;

  Layer(json::Document parsed, std::string_view source, std::string name)
      : document(std::move(parsed)), text(source), origin(std::move(name)) {}
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;
  ~Layer() { secure_wipe(text.data(), text.size()); }  // it may hold a key

  // Parsed at the first error: most texts have none.
  const json::Locator& places() const {
    if (!locator_) locator_.emplace(text);
    return *locator_;
  }

 private:
  mutable std::optional<json::Locator> locator_;
};

struct Slot {
  json::Value value;
  Secret secret;                 // secret keys only; their value stays missing
  const Layer* layer = nullptr;  // null: default
  std::string origin = "default";
  bool refused = false;  // by the last layer that has the key
};

json::ParseOptions parse_options() {
  json::ParseOptions options = json::ParseOptions::configuration();
  options.max_bytes = kMaxBytes;
  return options;
}

// "line:column" of the first byte that is not a blank.
std::string start_of(std::string_view text) {
  std::size_t line = 1;
  std::size_t column = 1;
  for (const char c : text) {
    if (c == '\n') {
      ++line;
      column = 1;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++column;
    } else {
      break;
    }
  }
  return std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace

struct Settings::Impl {
  Schema schema;
  json::Document defaults;
  std::vector<std::shared_ptr<const Layer>> layers;
  std::string pointer;      // JSON pointer of a row's object in the layer
  std::string path;         // the same for messages
  std::vector<Slot> slots;  // one for each key of the schema

  std::optional<std::size_t> index(std::string_view name) const {
    for (std::size_t i = 0; i < schema.size(); ++i) {
      if (schema[i].name == name) return i;
    }
    return std::nullopt;
  }

  const Slot* slot(std::string_view name) const {
    const auto i = index(name);
    return i ? &slots[*i] : nullptr;
  }

  json::Value value(std::string_view name) const {
    const Slot* found = slot(name);
    return found == nullptr ? json::Value() : found->value;
  }

  void set(std::size_t i, json::Value value, const Layer& layer) {
    Slot slot;
    if (schema[i].kind == Kind::secret) {
      slot.secret = Secret(value.string_text());
    } else {
      slot.value = value;
    }
    slot.layer = &layer;
    slot.origin = layer.origin;
    slots[i] = std::move(slot);
  }

  // Line and column of a key's value; among duplicates, of the one number `occurrence`.
  std::string locate(const Layer& layer, std::string_view name, std::size_t occurrence = 0) const {
    if (pointer.empty()) return layer.places().member(name, occurrence);
    return layer.places().value(pointer + "/" + std::string(name), json::kItsName);
  }

  void take_members(json::Value root, const Layer& layer, std::vector<Status>& errors) {
    json::DuplicateKeyFilter names(root);
    for (std::size_t i = 0; i < root.size(); ++i) {
      const std::string_view name = root.key_at(i);
      const bool first = names.is_first(i);
      const Status taken = take_member(name, first, root.value_at(i), layer);
      if (taken.ok()) continue;
      if (errors.size() >= kMostErrors) {
        errors.push_back(placed(layer.origin, "", Status::error(ExitCode::usage, kMoreFollow)));
        break;
      }
      std::size_t occurrence = 0;
      for (std::size_t k = 0; !first && k < i; ++k) occurrence += root.key_at(k) == name ? 1U : 0U;
      errors.push_back(placed(layer.origin, locate(layer, name, occurrence),
                              with_path(taken, first && index(name))));
    }
  }

  // Prefixes the path of a row to the message, which begins with the name of a known key.
  Status with_path(const Status& error, bool known) const {
    if (path.empty()) return error;
    return Status::error(error.code(), path + (known ? "." : ": ") + error.message(), error.hint());
  }

  Status take_member(std::string_view name, bool first, json::Value value, const Layer& layer) {
    if (!first) {
      return Status::error(
          ExitCode::usage,
          "key \"" + printable(name, 60) + "\" is given twice, first at " + locate(layer, name),
          "remove one of them");
    }
    const auto i = index(name);
    if (!i) return unknown_key(schema, name);
    Status checked = check(schema[*i], value);
    slots[*i].refused = !checked.ok();
    if (checked.ok()) set(*i, value, layer);
    return checked;
  }
};

Settings::Settings(Schema schema) : impl_(std::make_unique<Impl>()) {
  std::string defaults = "[";  // one for each key, in order
  for (const Key& key : schema) {
    if (defaults.size() > 1) defaults += ',';
    defaults += key.default_json.empty() ? "null" : key.default_json;
  }
  auto parsed = json::Document::parse(defaults + "]");
  assert(parsed.ok() && "a default_json of the schema is not JSON");
  if (parsed.ok()) impl_->defaults = std::move(*parsed);
  impl_->schema = std::move(schema);
  impl_->slots.resize(impl_->schema.size());
  for (std::size_t i = 0; i < impl_->schema.size(); ++i) {
    const Key& key = impl_->schema[i];
    if (key.kind == Kind::secret || key.default_json.empty()) continue;
    impl_->slots[i].value = impl_->defaults.root().at(i);
  }
}

Settings::Settings(Settings&&) noexcept = default;
Settings& Settings::operator=(Settings&&) noexcept = default;
Settings::~Settings() = default;

std::vector<Status> Settings::add_json(std::string_view text, const std::string& origin) {
  auto parsed = json::Document::parse(text, parse_options());
  if (!parsed.ok()) return {not_json(origin, parsed.status().message())};
  if (!parsed->root().is_object()) {
    return {placed(origin, start_of(text),
                   Status::error(ExitCode::usage, "the text must be one JSON object { … }"))};
  }
  impl_->layers.push_back(std::make_shared<const Layer>(std::move(*parsed), text, origin));
  const Layer& layer = *impl_->layers.back();
  std::vector<Status> errors;
  impl_->take_members(layer.document.root(), layer, errors);
  return errors;
}

Settings Settings::row(std::string_view key, std::string_view name,
                       std::vector<Status>& errors) const {
  const auto i = impl_->index(key);
  assert(i && impl_->schema[*i].row != nullptr && "the key has no rows");
  Settings out(impl_->schema[*i].row());
  const Slot& slot = impl_->slots[*i];
  if (slot.layer == nullptr) return out;
  out.impl_->layers = impl_->layers;
  out.impl_->pointer = "/" + std::string(key) + "/" + std::string(name);
  out.impl_->path = std::string(key) + "." + printable(name);
  out.impl_->take_members(slot.value[name], *slot.layer, errors);
  return out;
}

Status Settings::add_text(std::string_view name, std::string_view text, const std::string& origin) {
  const auto i = impl_->index(name);
  if (!i) return placed(origin, "", unknown_key(impl_->schema, name));
  const Key& key = impl_->schema[*i];
  if (key.kind == Kind::secret) {
    Slot slot;
    slot.secret = Secret(std::string(text));
    slot.origin = origin;
    impl_->slots[*i] = std::move(slot);
    return {};
  }
  const auto wrong = [&] {
    return placed(
        origin, "",
        Status::error(ExitCode::usage, std::string(key.name) + " must be " + kind_phrase(key.kind) +
                                           " (is \"" + printable(text, 60) + "\")"));
  };
  const auto json = json_from_text(key.kind, text);
  if (!json) return wrong();
  auto parsed = json::Document::parse(*json, json::ParseOptions::configuration());
  if (!parsed.ok()) return wrong();
  if (const Status checked = check(key, parsed->root()); !checked.ok()) {
    return placed(origin, "", checked);
  }
  impl_->layers.push_back(std::make_shared<const Layer>(std::move(*parsed), "", origin));
  impl_->set(*i, impl_->layers.back()->document.root(), *impl_->layers.back());
  return {};
}

void Settings::add_number(std::string_view name, std::int64_t number, const std::string& origin) {
  const auto i = impl_->index(name);
  auto parsed = json::Document::parse(std::to_string(number));
  if (!i || !parsed.ok()) return;
  impl_->layers.push_back(std::make_shared<const Layer>(std::move(*parsed), "", origin));
  impl_->set(*i, impl_->layers.back()->document.root(), *impl_->layers.back());
}

std::string Settings::text(std::string_view name) const { return impl_->value(name).text(); }

std::int64_t Settings::integer(std::string_view name) const {
  return impl_->value(name).integer().value_or(0);
}

bool Settings::boolean(std::string_view name) const {
  return impl_->value(name).boolean().value_or(false);
}

std::vector<std::string> Settings::list(std::string_view name) const {
  std::vector<std::string> out;
  const json::Value value = impl_->value(name);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (const auto text = value.at(i).string()) out.emplace_back(*text);
  }
  return out;
}

Secret Settings::secret(std::string_view name) const {
  const Slot* slot = impl_->slot(name);
  return slot == nullptr ? Secret() : slot->secret;
}

json::Value Settings::json(std::string_view name) const { return impl_->value(name); }

std::string Settings::origin(std::string_view name) const {
  const Slot* slot = impl_->slot(name);
  return slot == nullptr ? std::string() : slot->origin;
}

bool Settings::refused(std::string_view name) const {
  const Slot* slot = impl_->slot(name);
  return slot != nullptr && slot->refused;
}

std::string Settings::position(std::string_view name) const {
  const Slot* slot = impl_->slot(name);
  if (slot == nullptr || slot->layer == nullptr) return {};
  return impl_->locate(*slot->layer, name);
}

std::string Settings::place(std::string_view pointer, std::size_t offset) const {
  const Slot* slot = impl_->slot(pointer.substr(1, pointer.find('/', 1) - 1));
  if (slot == nullptr) return {};
  if (slot->layer == nullptr) return slot->origin;
  const std::string whole = impl_->pointer + std::string(pointer);
  const std::string position = slot->layer->places().value(whole, offset);
  return slot->origin + (position.empty() ? "" : ":" + position);
}

std::vector<Settings::Row> Settings::explain() const {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < impl_->schema.size(); ++i) {
    const Key& key = impl_->schema[i];
    const Slot& slot = impl_->slots[i];
    std::string value = key.kind == Kind::secret ? json::quote(slot.secret.empty() ? "" : "[set]")
                                                 : shown_value(key, slot.value);
    rows.push_back({std::string(key.name), std::move(value), slot.origin, std::string(key.doc)});
  }
  return rows;
}

const Schema& Settings::schema() const { return impl_->schema; }

}  // namespace socbridge::config
