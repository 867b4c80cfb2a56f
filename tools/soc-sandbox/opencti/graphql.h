// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "json/value.h"

namespace socbridge::sandbox::graphql {

// The supported part of a GraphQL document: operations, fragments, arguments, variables, aliases,
// @include and @skip. No type system: the product defines the fields.

struct Value {
  enum class Kind { null, variable, json, list, object };
  Kind kind = Kind::null;
  std::string text;                // name of the variable; JSON text of a scalar or enum value
  std::vector<std::string> names;  // of an object's members
  std::vector<Value> items;        // elements, or the members' values
};
using Arguments = std::vector<std::pair<std::string, Value>>;

struct Selection {
  enum class Kind { field, inline_fragment, spread };
  Kind kind = Kind::field;
  std::string alias, name;  // of a field; the name of a spread; `alias`: name in the answer
  std::string on;           // type condition of an inline fragment, or empty
  std::size_t line = 1, column = 1;  // position in the document, counted from 1
  Arguments arguments;
  std::vector<std::pair<std::string, Arguments>> directives;
  std::vector<Selection> selections;
};

struct VariableDefinition {
  std::string name;
  std::string type;    // `[String]`, `FilterGroup!`
  std::string preset;  // JSON, or empty
};

struct Operation {
  bool mutation = false;
  std::string name;
  std::vector<VariableDefinition> variables;
  std::vector<Selection> selections;
};

struct Fragment {
  std::string name, on;
  std::vector<Selection> selections;
};

struct Document {
  std::vector<Operation> operations;
  std::vector<Fragment> fragments;
};

// Errors (bad_input) give the expected token and its position: `Syntax Error: …`.
Result<Document> parse(std::string_view text);

// The arguments as one JSON object, with variables replaced. Arguments with unset variables are
// left out.
json::Document evaluate(const Arguments& arguments, json::Value variables);

}  // namespace socbridge::sandbox::graphql
