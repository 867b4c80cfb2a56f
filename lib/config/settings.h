// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "base/status.h"
#include "json/value.h"

namespace socbridge::config {

enum class Kind { string, integer, boolean, string_list, array, object, secret };

// A key that a configuration file may have.
struct Key {
  std::string_view name;
  Kind kind = Kind::string;
  std::string_view default_json;  // e.g. `3000`, `"auto"`, `[]`
  std::string_view doc;           // one line for `socctl config explain` and the manual
  std::int64_t min = 0;           // integers only
  std::int64_t max = 0;           // integers only; 0,0: unbounded
  std::vector<std::string_view> choices = {};  // strings only; empty: any
  // Objects only: returns the keys of each named object in this one; null: any content.
  const std::vector<Key>& (*row)() = nullptr;
};

using Schema = std::vector<Key>;

// Values of a schema, collected from layers of rising precedence (defaults, file, options,
// environment, flags). The valid keys of a layer with errors still apply, so that a broken file
// never stops intake: the caller decides how to treat errors.
class Settings {
 public:
  explicit Settings(Schema schema = {});
  Settings(Settings&&) noexcept;
  Settings& operator=(Settings&&) noexcept;
  ~Settings();

  // Adds a JSON object (comments and trailing commas allowed). `origin` names it in messages, e.g.
  // the path. Returns all errors, one line each: `origin:line:column: unknown key "x"; did you mean
  // "y"?`, wrong type, out of range, not JSON. ExitCode::usage. Empty vector: no error.
  std::vector<Status> add_json(std::string_view text, const std::string& origin);

  // Sets one key from the text of a flag or variable, parsed according to its kind.
  Status add_text(std::string_view name, std::string_view text, const std::string& origin);

  // Sets a number from another program's configuration; the key's range does not apply.
  void add_number(std::string_view name, std::int64_t number, const std::string& origin);

  std::string text(std::string_view name) const;  // string keys; "" if none
  std::int64_t integer(std::string_view name) const;
  bool boolean(std::string_view name) const;
  std::vector<std::string> list(std::string_view name) const;
  Secret secret(std::string_view name) const;
  json::Value json(std::string_view name) const;    // array and object keys (and any other)
  std::string origin(std::string_view name) const;  // "default" or the layer's name
  // Whether the key's value in the last layer that has it was rejected.
  bool refused(std::string_view name) const;
  // Line and column of the key in its layer ("3:5"), or "".
  std::string position(std::string_view name) const;

  // "origin:line:column" of the value at a JSON pointer (json/value.h, locate_value()) whose first
  // step is the key. Only the origin if there is no position.
  std::string place(std::string_view pointer, std::size_t offset = json::kWholeValue) const;

  // The values of one named object of a key with `row`, over the defaults of that schema. Origin
  // and positions are those of the layer. Its errors are appended to `errors`, in the form of
  // add_json(). `name` must exist.
  Settings row(std::string_view key, std::string_view name, std::vector<Status>& errors) const;

  // Every key in schema order: name, value as JSON without secrets (config/shown_value.h), origin,
  // doc.
  struct Row {
    std::string name, value_json, origin, doc;
  };
  std::vector<Row> explain() const;

  const Schema& schema() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace socbridge::config
