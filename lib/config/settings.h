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

// One key that a configuration file may hold.
struct Key {
  std::string_view name;
  Kind kind = Kind::string;
  std::string_view default_json;  // e.g. `3000`, `"auto"`, `[]`
  std::string_view doc;           // one line for `socctl config explain` and the manual
  std::int64_t min = 0;           // integers only
  std::int64_t max = 0;           // integers only; 0,0: unbounded
  std::vector<std::string_view> choices = {};  // strings only; empty: any
  // Objects only: gives the keys of each object that this one holds by name; null: it holds
  // anything.
  const std::vector<Key>& (*row)() = nullptr;
};

using Schema = std::vector<Key>;

// Values of a schema, gathered from layers of rising precedence (defaults, file, options,
// environment, flags). A layer with errors still gives its valid keys, so that a broken file never
// stops intake: the caller decides what an error means.
class Settings {
 public:
  explicit Settings(Schema schema = {});
  Settings(Settings&&) noexcept;
  Settings& operator=(Settings&&) noexcept;
  ~Settings();

  // Adds a JSON object (comments and trailing commas allowed). `origin` names it for people, e.g.
  // the path. All errors are returned, each one line: `origin:line:column: unknown key "x"; did you
  // mean "y"?`, wrong type, out of range, not JSON. ExitCode::usage. Empty vector: all is well.
  std::vector<Status> add_json(std::string_view text, const std::string& origin);

  // Sets one key from text (flag, environment). The kind decides how it is read.
  Status add_text(std::string_view name, std::string_view text, const std::string& origin);

  // A number that another program's configuration gives; the key's range is not its range.
  void add_number(std::string_view name, std::int64_t number, const std::string& origin);

  std::string text(std::string_view name) const;  // string keys; "" if none
  std::int64_t integer(std::string_view name) const;
  bool boolean(std::string_view name) const;
  std::vector<std::string> list(std::string_view name) const;
  Secret secret(std::string_view name) const;
  json::Value json(std::string_view name) const;    // array and object keys (and any other)
  std::string origin(std::string_view name) const;  // "default" or the layer's name
  // Whether the last layer that has the key has a value for it that is not taken.
  bool refused(std::string_view name) const;
  // Line and column of the key in its layer ("3:5"), or "".
  std::string position(std::string_view name) const;

  // "origin:line:column" of the value that a JSON pointer leads to (json/value.h, locate_value());
  // its first step is the key. Just the origin where there is no position.
  std::string place(std::string_view pointer, std::size_t offset = json::kWholeValue) const;

  // The values of one object of a key that has `row`, over the defaults of that schema. Origin and
  // positions are those of the layer. What is wrong in it is added to `errors` as add_json() says
  // it. `name` must be there.
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
