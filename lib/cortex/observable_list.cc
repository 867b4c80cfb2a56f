// SPDX-License-Identifier: Apache-2.0
#include "cortex/observable_list.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <unordered_set>

#include "base/text.h"
#include "cortex/stix_values.h"
#include "json/value.h"
#include "observable/type_words.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kMost = 1000000;

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view one) { return iequals(one, name); });
}

constexpr std::array<std::string_view, 6> kValueNames = {"data",      "value", "observable",
                                                         "indicator", "ioc",   "artifact"};
constexpr std::array<std::string_view, 7> kTypeNames = {
    "dataType", "type", "data_type", "indicator type", "indicator_type", "ioc_type", "ioctype"};

// Cells of one CSV line. A quoted cell may hold the separator, not a line break: no observable
// does.
std::vector<std::string> cells(std::string_view line, char separator) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
        out.back() += '"';
        ++i;
      } else if (c == '"') {
        quoted = false;
      } else {
        out.back() += c;
      }
    } else if (c == '"' && trim(out.back()).empty()) {
      out.back().clear();
      quoted = true;
    } else if (c == separator) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

// Where the columns are, if the line is the header of a table with one for values.
struct Columns {
  char separator = ',';
  std::size_t value = 0;
  std::optional<std::size_t> type;
};

std::optional<Columns> header(std::string_view line) {
  for (const char separator : {',', ';', '\t'}) {
    Columns columns;
    columns.separator = separator;
    std::optional<std::size_t> value;
    const auto names = cells(line, separator);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string_view name = trim(names[i]);
      if (!value && is_one_of(name, kValueNames)) value = i;
      if (!columns.type && is_one_of(name, kTypeNames)) columns.type = i;
    }
    if (!value) continue;
    columns.value = *value;
    return columns;
  }
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(std::string_view type) : type_(type) {}

  void line(std::string_view text) {
    ++number_;
    text = trim(text);
    if (text.empty()) return;
    const bool first = !begun_;
    begun_ = true;
    if (columns_) return row(text);
    if (text.front() == '#') {
      begun_ = !first;
      return;
    }
    if (text.front() == '{' || text.front() == '"') return json_line(text);
    if (first) columns_ = header(text);
    if (!columns_) plain(text);
  }

  void array(json::Value list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      number_ = i + 1;
      json_value(list.at(i));
    }
  }

  Input take() && { return std::move(out_); }
  bool full() const { return out_.observables.size() > kMost; }

 private:
  void wrong(Status status) { out_.errors.push_back({number_, std::move(status)}); }

  void add(std::string_view type, std::string_view value) {
    auto found = observable::read_as(type, value);
    if (!found.ok()) return wrong(found.status());
    if (!seen_.insert(found->type + "\n" + found->value).second) {
      ++out_.repeated;
      return;
    }
    out_.observables.push_back(std::move(*found));
  }

  // A line without columns: what stands behind ` #` is a note, and several values may be separated
  // by commas.
  void plain(std::string_view text) {
    if (const std::size_t note = text.find(" #"); note != std::string_view::npos)
      text = trim(text.substr(0, note));
    const auto pieces = split(text, ',');
    const bool values = std::all_of(pieces.begin(), pieces.end(), [](std::string_view piece) {
      const auto found = observable::detect(piece);
      return found.ok() && found->type != "other";
    });
    if (pieces.size() < 2 || !values) return add(type_, text);
    for (const std::string_view piece : pieces) add(type_, piece);
  }

  // `word` is the list's own: `ip-dst`, `FileHash-SHA256`, `filename|sha256`. What an unknown one
  // means, the value says.
  void add_called(std::string_view word, std::string_view value) {
    const auto words = split(word, '|');
    const auto values = words.size() > 1 ? split(value, '|') : std::vector{value};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto type = observable::type_of_word(i < words.size() ? words[i] : "");
      if (type != observable::kNoObservable) add(type.empty() ? "auto" : type, values[i]);
    }
  }

  void row(std::string_view text) {
    const auto values = cells(text, columns_->separator);
    if (columns_->value >= values.size()) {
      return wrong(Status::error(ExitCode::bad_input, "the line has no column for the value"));
    }
    std::string_view type;
    if (columns_->type && *columns_->type < values.size()) type = trim(values[*columns_->type]);
    if (type.empty()) return add(type_, values[columns_->value]);
    add_called(type, values[columns_->value]);
  }

  void json_line(std::string_view text) {
    const auto document = json::Document::parse(text);
    if (!document.ok())
      return wrong(Status::error(ExitCode::bad_input, "not JSON: " + document.status().message()));
    json_value(document->root());
  }

  void json_value(json::Value value) {
    if (value.is_string()) return add(type_, *value.string());
    if (value["objects"].is_array()) return array(value["objects"]);  // a STIX bundle
    if (value["hashes"].is_object()) return hashes(value["hashes"]);
    if (const auto text = value["pattern"].string()) return pattern(*text);
    std::string_view type, data;
    for (const std::string_view name : kValueNames) {
      if (data.empty()) data = value[name].string().value_or("");
    }
    for (const std::string_view name : kTypeNames) {
      if (type.empty()) type = value[name].string().value_or("");
    }
    // Objects of a bundle that say who, what and how: no values.
    const bool is_stix = value["id"].string().value_or("").find("--") != std::string_view::npos;
    if (data.empty() && is_stix) return;
    if (data.empty())
      return wrong(Status::error(ExitCode::bad_input, "no text \"data\" or \"value\""));
    if (type.empty()) return add(type_, data);
    add_called(type, data);
  }

  // A STIX file: `{"hashes": {"SHA-256": "…"}}`
  void hashes(json::Value all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (const auto text = all.value_at(i).string()) add_called(all.key_at(i), *text);
    }
  }

  // A STIX indicator: `{"pattern": "[ipv4-addr:value = '192.0.2.1']"}`
  void pattern(std::string_view text) {
    const auto values = values_of_pattern(text);
    if (values.empty()) {
      return wrong(Status::error(ExitCode::bad_input, "the pattern names no value that is equal"));
    }
    for (const auto& [type, value] : values) {
      if (type == "auto") {
        add(type_, value);
      } else {
        add_called(type, value);
      }
    }
  }

  std::string_view type_;
  Input out_;
  std::size_t number_ = 0;
  bool begun_ = false;
  std::optional<Columns> columns_;
  std::unordered_set<std::string> seen_;
};

}  // namespace

Result<Input> read_input(std::string_view text, std::string_view type) {
  constexpr std::string_view kBom = "\xEF\xBB\xBF";
  if (text.starts_with(kBom)) text.remove_prefix(kBom.size());
  Reader reader(type);
  const auto too_many = Status::error(
      ExitCode::bad_input, "more than " + std::to_string(kMost) + " values", "split the input");
  const bool list = trim(text).starts_with('[') && trim(text).ends_with(']');
  const bool bundle = trim(text).starts_with('{') && text.find("\"objects\"") != text.npos;
  if (list || bundle) {
    // Or a defanged line such as `[2001:db8::1]`.
    if (const auto document = json::Document::parse(text); document.ok()) {
      reader.array(bundle ? document->root()["objects"] : document->root());
      if (reader.full()) return too_many;
      return std::move(reader).take();
    }
  }
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    reader.line(text.substr(0, end));
    if (reader.full()) return too_many;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(reader).take();
}

}  // namespace socbridge::cortex
