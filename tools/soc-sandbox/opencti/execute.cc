// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/execute.h"

#include <algorithm>
#include <map>
#include <utility>

#include "json/writer.h"

namespace socbridge::sandbox::graphql {
namespace {

int inner_status(std::string_view code) {
  if (code == "AUTH_REQUIRED" || code == "AUTH_FAILURE") return 401;
  if (code == "FORBIDDEN_ACCESS") return 403;
  if (code == "FUNCTIONAL_ERROR") return 400;
  if (code == "RESOURCE_NOT_FOUND" || code == "MISSING_REFERENCE_ERROR") return 404;
  return 500;
}

bool of_business(std::string_view code) {
  return code == "FUNCTIONAL_ERROR" || code == "UNSUPPORTED_ERROR" ||
         code == "MISSING_REFERENCE_ERROR";
}

void write_error(json::Writer& w, const Error& error) {
  w.begin_object();
  w.member("message", error.message);
  if (error.line > 0) {
    w.key("locations");
    w.raw("[{\"line\":" + std::to_string(error.line) +
          ",\"column\":" + std::to_string(error.column) + "}]");
  }
  if (!error.path.empty()) {
    w.key("path");
    w.raw(error.path);
  }
  w.key("extensions");
  w.begin_object();
  w.member("code", error.code);
  w.key("data");
  w.begin_object();
  w.member("http_status", inner_status(error.code));
  if (!error.path.empty()) {
    w.member("genre", of_business(error.code) ? "BUSINESS" : "TECHNICAL");
  }
  const auto more = json::Document::parse(error.data.empty() ? "{}" : error.data);
  for (std::size_t i = 0; more.ok() && i < more->root().size(); ++i) {
    w.member(more->root().key_at(i), more->root().value_at(i));
  }
  w.end_object();
  w.end_object();
  w.member("name", error.code);
  w.end_object();
}

// The fields of one object under their names in the answer; the same field in several fragments
// counts once.
struct Asked {
  const Selection* field = nullptr;
  std::vector<const std::vector<Selection>*> below;
};

class Executor {
 public:
  Executor(const Document& document, json::Value variables)
      : document_(document), variables_(variables) {}

  std::vector<Error> errors;
  std::size_t connections = 0;

  void select(json::Writer& w, const Object& object,
              const std::vector<const std::vector<Selection>*>& selections, bool root) {
    std::vector<std::string> order;
    std::map<std::string, Asked> asked;
    for (const auto* list : selections) collect(*list, object, order, asked, 0);
    w.begin_object();
    for (const std::string& alias : order) {
      const Asked& one = asked.at(alias);
      w.key(alias);
      if (one.field->name == "__typename") {
        w.value(object.type);
        continue;
      }
      const json::Document arguments = evaluate(one.field->arguments, variables_);
      const Item item = object.get(one.field->name, arguments.root());
      if (!root && item.kind == Item::Kind::object && item.object->type == "Connection") {
        ++connections;
      }
      path_.push_back(json::quote(alias));
      write(w, item, one, object.type);
      path_.pop_back();
    }
    w.end_object();
  }

 private:
  bool wanted(const Selection& selection) const {
    for (const auto& [name, arguments] : selection.directives) {
      const json::Document values = evaluate(arguments, variables_);
      const bool condition = values.root()["if"].boolean().value_or(false);
      if (name == "include" && !condition) return false;
      if (name == "skip" && condition) return false;
    }
    return true;
  }

  void collect(const std::vector<Selection>& list, const Object& object,
               std::vector<std::string>& order, std::map<std::string, Asked>& asked, int depth) {
    constexpr int kDeepest = 20;  // for fragments that refer to each other
    if (depth > kDeepest) return;
    for (const Selection& selection : list) {
      if (!wanted(selection)) continue;
      if (selection.kind == Selection::Kind::field) {
        Asked& one = asked[selection.alias];
        if (one.field == nullptr) {
          one.field = &selection;
          order.push_back(selection.alias);
        }
        if (!selection.selections.empty()) one.below.push_back(&selection.selections);
      } else if (selection.kind == Selection::Kind::inline_fragment) {
        if (selection.on.empty() || object.is(selection.on)) {
          collect(selection.selections, object, order, asked, depth + 1);
        }
      } else {
        const auto found =
            std::find_if(document_.fragments.begin(), document_.fragments.end(),
                         [&](const Fragment& f) { return f.name == selection.name; });
        if (found == document_.fragments.end()) {
          errors.push_back({"GRAPHQL_VALIDATION_FAILED",
                            "Unknown fragment \"" + selection.name + "\".",
                            {},
                            {}});
        } else if (object.is(found->on)) {
          collect(found->selections, object, order, asked, depth + 1);
        }
      }
    }
  }

  void write(json::Writer& w, const Item& item, const Asked& asked, const std::string& type) {
    switch (item.kind) {
      case Item::Kind::unknown:
        errors.push_back(
            {"GRAPHQL_VALIDATION_FAILED",
             "Cannot query field \"" + asked.field->name + "\" on type \"" + type + "\".",
             {},
             {},
             asked.field->line,
             asked.field->column});
        w.null();
        return;
      case Item::Kind::error:
        errors.push_back({item.code, item.message, path_text(), item.data, asked.field->line,
                          asked.field->column});
        null_parents_ = item.null_parents;
        w.null();
        return;
      case Item::Kind::json: w.raw(item.json); return;
      case Item::Kind::object: {
        const int before = std::exchange(null_parents_, 0);
        json::Writer inner;
        select(inner, *item.object, asked.below, false);
        w.raw(null_parents_ > 0 ? std::string("null") : inner.text());
        null_parents_ = std::max(null_parents_ - 1, before);
        return;
      }
      case Item::Kind::list:
        w.begin_array();
        for (std::size_t i = 0; i < item.items.size(); ++i) {
          path_.push_back(std::to_string(i));
          write(w, item.items[i], asked, type);
          path_.pop_back();
        }
        w.end_array();
        return;
    }
  }

  std::string path_text() const {
    std::string out;
    for (const std::string& one : path_) out += (out.empty() ? "[" : ",") + one;
    return out + "]";
  }

  const Document& document_;
  json::Value variables_;
  std::vector<std::string> path_;  // JSON texts
  int null_parents_ = 0;           // of the last error
};

Outcome refused(std::string code, std::string message) {
  Outcome out{"null", {{std::move(code), std::move(message), {}, {}}}};
  out.ran = false;
  return out;
}

}  // namespace

Item Item::text(std::string_view value) { return raw(json::quote(value)); }
Item Item::raw(std::string json) {
  Item out;
  out.kind = Kind::json;
  out.json = std::move(json);
  return out;
}
Item Item::of(Object object) {
  Item out;
  out.kind = Kind::object;
  out.object = std::make_shared<const Object>(std::move(object));
  return out;
}
Item Item::list(std::vector<Item> items) {
  Item out;
  out.kind = Kind::list;
  out.items = std::move(items);
  return out;
}
Item Item::failed(std::string code, std::string message) {
  Item out;
  out.kind = Kind::error;
  out.code = std::move(code);
  out.message = std::move(message);
  return out;
}

std::string Outcome::body() const {
  json::Writer w;
  w.begin_object();
  if (!errors.empty()) {
    w.key("errors");
    w.begin_array();
    for (const Error& error : errors) write_error(w, error);
    w.end_array();
  }
  if (ran) {
    w.key("data");
    w.raw(data);
  }
  w.end_object();
  return std::move(w).take();
}

std::string error_body(const Error& error) {
  Outcome out{"null", {error}};
  out.ran = false;
  return out.body();
}

Outcome execute(const Document& document, std::string_view operation, json::Value variables,
                const Object& query, const Object& mutation) {
  const Operation* chosen = nullptr;
  for (const Operation& one : document.operations) {
    if (operation.empty() || one.name == operation) chosen = &one;
  }
  if (chosen == nullptr || (operation.empty() && document.operations.size() > 1)) {
    return refused("BAD_USER_INPUT", "Must provide operation name if query contains multiple.");
  }
  json::Writer w;
  w.begin_object();
  for (const VariableDefinition& definition : chosen->variables) {
    const json::Value given = variables[definition.name];
    if (given.missing() || given.type() == json::Type::null) {
      if (!definition.preset.empty() && given.missing()) {
        w.key(definition.name);
        w.raw(definition.preset);
        continue;
      }
      if (definition.type.ends_with('!')) {
        return refused("BAD_USER_INPUT", "Variable \"$" + definition.name +
                                             "\" of required type \"" + definition.type +
                                             "\" was not provided.");
      }
    }
    if (!given.missing()) {
      w.key(definition.name);
      w.value(given);
    }
  }
  w.end_object();
  auto bound = json::Document::parse(w.text());
  if (!bound.ok()) return refused("BAD_USER_INPUT", bound.status().message());

  std::map<std::string, int> times;
  const int most = chosen->mutation ? 1 : 2;
  for (const Selection& selection : chosen->selections) {
    if (selection.kind != Selection::Kind::field || ++times[selection.name] <= most) continue;
    return refused("GRAPHQL_VALIDATION_FAILED",
                   "Allowed number of calls to `" + selection.name +
                       "` has been exceeded (max: " + std::to_string(most) + ")");
  }
  Executor executor(document, bound->root());
  json::Writer data;
  executor.select(data, chosen->mutation ? mutation : query, {&chosen->selections}, true);
  Outcome out{std::string(data.text()), std::move(executor.errors)};
  out.connections = executor.connections;
  out.roots = chosen->selections.size();
  // A document that does not fit the schema is refused before execution.
  const auto invalid = std::find_if(out.errors.begin(), out.errors.end(), [](const Error& error) {
    return error.code == "GRAPHQL_VALIDATION_FAILED";
  });
  if (invalid != out.errors.end()) return refused(invalid->code, invalid->message);
  return out;
}

}  // namespace socbridge::sandbox::graphql
