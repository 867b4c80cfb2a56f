// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/opencti/graphql.h"

namespace socbridge::sandbox::graphql {

// The value of a field: empty (no such field), JSON, an object to select from, or a list of these;
// or an error with OpenCTI's code.
struct Object;
struct Item {
  enum class Kind { unknown, json, object, list, error };
  Kind kind = Kind::unknown;
  std::string json;  // JSON text
  std::shared_ptr<const Object> object;
  std::vector<Item> items;
  std::string code, message;  // of an error
  std::string data;           // of an error: an object, whose members are also in `extensions.data`
  int null_parents = 0;       // of an error: how many objects above the field become null

  static Item text(std::string_view value);
  static Item raw(std::string json);
  static Item null() { return raw("null"); }
  static Item of(Object object);
  static Item list(std::vector<Item> items);
  static Item failed(std::string code, std::string message);
};

struct Object {
  std::string type;                                        // for __typename
  std::function<bool(std::string_view)> is;                // whether a type condition matches
  std::function<Item(std::string_view, json::Value)> get;  // a field by name and arguments
};

struct Error {
  std::string code, message;
  std::string path;                  // a JSON list, or empty: of the complete document
  std::string data;                  // a JSON object for `extensions.data`, or empty
  std::size_t line = 0, column = 0;  // of the field, counted from 1; 0: unknown
};

struct Outcome {
  std::string data;  // JSON, `null` if the document was refused
  std::vector<Error> errors;
  bool ran = true;              // false: it was refused before, so there is no member `data`
  std::size_t connections = 0;  // below the resolved root fields: each is a search
  std::size_t roots = 0;
  std::string body() const;  // the complete answer
};

// Executes the only operation of the document, or the named one. A query field of the root more
// than twice, or a mutation more than once, is refused, whatever the aliases
// (docs/protocols/opencti.md, "Query limits").
Outcome execute(const Document& document, std::string_view operation, json::Value variables,
                const Object& query, const Object& mutation);

// {"errors":[…]} for one error of the complete document.
std::string error_body(const Error& error);

}  // namespace socbridge::sandbox::graphql
