// SPDX-License-Identifier: Apache-2.0
#include "cortex/observable_list.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <unordered_set>

#include "base/text.h"
#include "cortex/list_columns.h"
#include "cortex/list_text.h"
#include "cortex/stix_values.h"
#include "json/value.h"
#include "observable/type_words.h"

namespace socbridge::cortex {
namespace {

constexpr std::size_t kMost = 1000000;

// Members with lists of values: of a STIX bundle, an event of MISP, a pulse of OTX.
constexpr std::array<std::string_view, 10> kLists = {
    "objects", "Event",      "Attribute", "Object",      "response",
    "results", "indicators", "iocs",      "observables", "artifacts"};

bool has_control(std::string_view text) {
  constexpr unsigned char kFirstSign = 0x20;
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < kFirstSign && c != '\t';
  });
}

// A Unix or Windows path, from the root, a share, or a folder.
bool is_path(std::string_view text) {
  const bool drive = text.size() > 3 && std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
                     text[1] == ':' && (text[2] == '\\' || text[2] == '/');
  return drive || text.starts_with('/') || text.starts_with("./") || text.starts_with("../") ||
         text.starts_with("\\\\");
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
    if (text.front() == '#' && (!columns_ || named_)) {
      begun_ = !first;
      if (first) comment(text.substr(std::min(text.find_first_not_of('#'), text.size())));
      return;
    }
    if (has_control(text))
      return wrong(Status::error(ExitCode::bad_input, "the line contains control characters"));
    if (columns_) return row(text);
    if (first) {
      columns_ = read_columns(text);
      if (columns_) return;
      // A comment that names the columns, as in files of abuse.ch.
      if (named_ && text.front() != '{' && cells(text, named_->separator).size() == named_->count)
        columns_ = named_;
      if (columns_) return row(text);
    }
    if (text.front() == '{' || text.front() == '"') return json_line(text);
    plain(text);
  }

  // A complete document; each element of a list counts as a line.
  void document(json::Value root) {
    counts_elements_ = true;
    each(root);
  }

  Input take() && { return std::move(out_); }
  bool full() const { return out_.observables.size() > kMost; }

 private:
  void wrong(Status status) {
    out_.errors.push_back({std::max<std::size_t>(number_, 1), std::move(status)});
  }

  void add(std::string_view type, std::string_view value) {
    // A list may come from any source: it must not make socctl upload files of this machine.
    if (type_ != "file" && (type == "file" || trim(value).starts_with('@'))) {
      return wrong(Status::error(ExitCode::bad_input, "a file to upload cannot be given in a list",
                                 "give it as an argument: @FILE"));
    }
    if ((type == "auto" || type.empty()) && is_path(trim(value))) type = "filename";
    auto found = observable::read_as(type, value);
    if (!found.ok()) return wrong(found.status());
    if (!seen_.insert(found->type + "\n" + found->value).second) {
      ++out_.repeated;
      return;
    }
    out_.observables.push_back(std::move(*found));
  }

  // A comment may name the columns of the rows below it.
  void comment(std::string_view text) {
    auto columns = read_columns(trim(text));
    if (columns && columns->count > 1) named_ = std::move(columns);
  }

  // A line without columns: text after ` #` or ` ;` is a note; commas separate several values.
  void plain(std::string_view text) {
    for (const std::string_view mark : {" #", " ;", "\t#", "\t;"})
      text = trim(text.substr(0, text.find(mark)));
    const auto pieces = split(text, ',');
    const bool values = std::all_of(pieces.begin(), pieces.end(), [](std::string_view piece) {
      const auto found = observable::detect(piece);
      return found.ok() && found->type != "other";
    });
    if (values) {
      for (const std::string_view piece : pieces) add(type_, piece);
    } else if (is_unknown(text)) {
      wrong(Status::error(ExitCode::bad_input,
                          "\"" + printable(text, 40) + "\" is not an observable",
                          "give --type other if all lines hold such values"));
    } else {
      add(type_, text);
    }
  }

  // Whether the line cannot be an observable: prose, or part of another format.
  bool is_unknown(std::string_view text) const {
    if (!(type_ == "auto" || type_.empty()) || is_path(text)) return false;
    const auto found = observable::detect(text);
    return found.ok() && found->type == "other";
  }

  // `word` is the list's own type: `ip-dst`, `FileHash-SHA256`, `filename|sha256`. The type of an
  // unknown word is detected from the value.
  void add_called(std::string_view word, std::string_view value) {
    const auto words = split(word, '|');
    const auto values = words.size() > 1 ? split(value, '|') : std::vector{value};
    bool any = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto type = observable::type_of_word(i < words.size() ? words[i] : "");
      if (type == observable::kNoObservable) continue;
      any = true;
      add(type.empty() ? "auto" : type, values[i]);
    }
    if (!any) {
      wrong(Status::error(ExitCode::bad_input,
                          "\"" + printable(word, 40) + "\" is not an observable"));
    }
  }

  void row(std::string_view text) {
    const auto values = cells(text, columns_->separator);
    if (columns_->value >= values.size()) {
      return wrong(Status::error(ExitCode::bad_input, "the line has no column for the value"));
    }
    std::string_view type = columns_->type_word;
    if (columns_->type && *columns_->type < values.size()) type = trim(values[*columns_->type]);
    if (type.empty()) return add(type_, values[columns_->value]);
    add_called(type, values[columns_->value]);
  }

  void json_line(std::string_view text) {
    const auto document = json::Document::parse(text);
    if (document.ok()) return json_value(document->root());
    if (text.front() == '"') {
      return wrong(Status::error(ExitCode::bad_input, "neither JSON nor a row of a table",
                                 "name the columns in the first line: value,type"));
    }
    wrong(Status::error(ExitCode::bad_input, "not JSON: " + document.status().message()));
  }

  void each(json::Value list) {
    if (!list.is_array()) return json_value(list);
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (counts_elements_) ++number_;
      json_value(list.at(i));
    }
  }

  void json_value(json::Value value) {
    if (value.is_string()) return add(type_, *value.string());
    if (value["hashes"].is_object()) return hashes(value["hashes"]);
    if (const auto text = value["pattern"].string()) return pattern(*text);
    std::string_view type, data;
    for (std::size_t i = 0; i < value.size() && value.is_object(); ++i) {
      const std::string_view name = value.key_at(i), text = value.value_at(i).string_or_empty();
      // An attribute of MISP may have a file as `data`, next to the value.
      if (!text.empty() && is_value_name(name) && (data.empty() || iequals(name, "value")))
        data = text;
      if (type.empty() && is_type_name(name)) type = text;
    }
    if (data.empty() && lists(value)) return;
    // Other objects of a STIX bundle, such as identities, have no values.
    const bool is_stix = value["id"].string_or_empty().find("--") != std::string_view::npos;
    if (data.empty() && is_stix) return;
    if (data.empty())
      return wrong(Status::error(ExitCode::bad_input, "it has no text \"data\" or \"value\""));
    if (type.empty()) return add(type_, data);
    add_called(type, data);
  }

  // Whether it is a document with lists of values; if so, they are read.
  bool lists(json::Value value) {
    bool any = false;
    for (const std::string_view name : kLists) {
      const json::Value list = value[name];
      if (!list.is_array() && !list.is_object()) continue;
      any = true;
      each(list);
    }
    return any;
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
      return wrong(
          Status::error(ExitCode::bad_input, "the pattern compares with no value by \"=\""));
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
  bool counts_elements_ = false;
  bool begun_ = false;
  std::optional<Columns> columns_;
  std::optional<Columns> named_;  // by a comment
  std::unordered_set<std::string> seen_;
};

}  // namespace

Result<Input> read_input(std::string_view bytes, std::string_view type) {
  const std::string all = list_text(bytes);
  std::string_view text = all;
  Reader reader(type);
  const auto too_many = Status::error(
      ExitCode::bad_input, "more than " + std::to_string(kMost) + " values", "split the input");
  const bool list = trim(text).starts_with('[') && trim(text).ends_with(']');
  if (list || (trim(text).starts_with('{') && trim(text).ends_with('}'))) {
    // It may also be a defanged line such as `[2001:db8::1]`, or JSON Lines.
    if (const auto document = json::Document::parse(text); document.ok()) {
      reader.document(document->root());
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
