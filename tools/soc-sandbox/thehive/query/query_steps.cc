// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/query/query_steps.h"

#include <algorithm>
#include <set>
#include <string>

#include "soc-sandbox/thehive/v4_errors.h"

namespace socbridge::sandbox {
namespace {

template <typename Table>
void list_all(Rows& rows, const Table& table) {
  rows.list.reserve(table.size());
  for (const auto& entry : table) rows.list.emplace_back(&entry.second);
}

template <typename T>
void list_one(Rows& rows, const T* thing) {
  if (thing != nullptr) rows.list.emplace_back(thing);
}

// Version 4 lists the accepted operations.
ApiError unknown(const Rows& rows, std::string_view name, bool first) {
  if (!rows.version.v4()) {
    return bad_request("Invalid query: unknown operation " + std::string(name));
  }
  const std::string value = "FObject(Map(_name -> FString(" + std::string(name) + ")))";
  if (!first) return invalid_format("_name", value, "query", {"count", "page", "filter", "sort"});
  return invalid_format(
      "_name", value, "query",
      {"listAlert", "listCase", "listObservable", "getAlert", "getCase", "getObservable",
       "listObservableType", "listCustomField", "listProcedure", "listJob"});
}

// Adds the objects with the ids, each once.
class Collector {
 public:
  explicit Collector(Rows& rows) : rows_(rows) {}
  template <typename T>
  void add(const T* thing) {
    if (thing != nullptr && seen_.insert(thing->id).second) list_.emplace_back(thing);
  }
  void add_children(const Children& from, std::string_view name) {
    const Tables& t = rows_.tables;
    if (name == "observables") {
      for (const Id id : from.observables) add(t.observable(id));
    } else if (name == "procedures") {
      for (const Id id : from.procedures) add(t.procedure(id));
    } else if (name == "pages") {
      for (const Id id : from.pages) add(t.page(id));
    } else {
      for (const Id id : from.comments) add(t.comment(id));
    }
  }
  void finish(Kind kind) {
    rows_.list = std::move(list_);
    rows_.kind = kind;
  }

 private:
  Rows& rows_;
  std::vector<Row> list_;
  std::set<Id> seen_;
};

const Parent* parent_of(const Row& row) {
  if (const auto* o = std::get_if<const Observable*>(&row)) return &(*o)->parent;
  if (const auto* p = std::get_if<const Procedure*>(&row)) return &(*p)->parent;
  if (const auto* c = std::get_if<const Comment*>(&row)) return &(*c)->parent;
  if (const auto* p = std::get_if<const CasePage*>(&row)) return &(*p)->parent;
  return nullptr;
}

std::optional<Kind> kind_of_children(std::string_view name, Kind owner, const Version& version) {
  if (name == "observables") return Kind::observable;
  if (name == "procedures" && (owner == Kind::item || !version.v4())) return Kind::procedure;
  if (version.v4()) return std::nullopt;
  if (name == "pages" && owner == Kind::item) return Kind::page;
  if (name == "comments" || name == "allComments") return Kind::comment;
  return std::nullopt;
}

void to_case(Rows& rows, Collector& found) {
  for (const Row& row : rows.list) {
    if (const auto* alert = std::get_if<const Alert*>(&row)) {
      found.add(rows.tables.find_case((*alert)->case_id));
    } else if (const Parent* parent = parent_of(row)) {
      found.add(rows.tables.find_case(parent->case_id));
    }
  }
}

void to_alert(Rows& rows, Collector& found) {
  for (const Row& row : rows.list) {
    if (const auto* item = std::get_if<const Case*>(&row)) {
      for (const Id id : (*item)->alerts) found.add(rows.tables.alert(id));
    } else if (const Parent* parent = parent_of(row)) {
      found.add(rows.tables.alert(parent->alert));
    }
  }
}

// The operation in version 4's notation.
std::string without_name(const json::Value& op) {
  std::string out;
  for (std::size_t i = 0; i < op.size(); ++i) {
    if (op.key_at(i) == "_name") continue;
    out +=
        (out.empty() ? "" : ", ") + std::string(op.key_at(i)) + " -> " + scala_text(op.value_at(i));
  }
  return "FObject(Map(" + out + "))";
}

int compare(const Datum& a, const Datum& b) {
  if (a.index() != b.index()) return a.index() < b.index() ? -1 : 1;
  if (const auto* texts = std::get_if<const std::vector<std::string>*>(&a)) {
    const auto& other = *std::get<const std::vector<std::string>*>(b);
    return **texts < other ? -1 : other < **texts ? 1 : 0;
  }
  return a < b ? -1 : b < a ? 1 : 0;
}

}  // namespace

std::optional<ApiError> select(Rows& rows, std::string_view name, const json::Value& op) {
  const Tables& t = rows.tables;
  if (name.starts_with("get")) {
    const auto which = op["idOrName"].string();
    if (!which) return bad_request("Invalid query: " + std::string(name) + " needs idOrName");
    if (name == "getAlert") {
      rows.kind = Kind::alert;
      list_one(rows, t.alert_by(*which));
    } else if (name == "getCase") {
      rows.kind = Kind::item;
      list_one(rows, t.case_by(*which));
    } else if (name == "getObservable") {
      rows.kind = Kind::observable;
      list_one(rows, t.observable(parse_id(*which)));
    } else {
      return unknown(rows, name, true);
    }
    return std::nullopt;
  }
  if (name == "listAlert") {
    rows.kind = Kind::alert;
    list_all(rows, t.alerts());
  } else if (name == "listCase") {
    rows.kind = Kind::item;
    list_all(rows, t.cases());
  } else if (name == "listObservable") {
    rows.kind = Kind::observable;
    list_all(rows, t.observables());
  } else if (name == "listObservableType") {
    rows.kind = Kind::type;
    list_all(rows, t.types());
  } else if (name == "listCustomField") {
    rows.kind = Kind::custom_field;
    list_all(rows, t.custom_fields());
  } else if (name == "listProcedure") {
    rows.kind = Kind::procedure;
    list_all(rows, t.procedures());
  } else if (name == "listJob") {
    rows.kind = Kind::job;
    list_all(rows, t.jobs());
  } else if (name == "listComment" && !rows.version.v4()) {
    rows.kind = Kind::comment;
    list_all(rows, t.comments());
  } else {
    return unknown(rows, name, true);
  }
  return std::nullopt;
}

std::optional<ApiError> traverse(Rows& rows, std::string_view name) {
  Collector found(rows);
  const bool is_owner = rows.kind == Kind::alert || rows.kind == Kind::item;
  const bool is_part = rows.kind == Kind::observable || rows.kind == Kind::procedure ||
                       rows.kind == Kind::comment || rows.kind == Kind::page;
  if (name == "case" && (rows.kind == Kind::alert || is_part)) {
    to_case(rows, found);
    found.finish(Kind::item);
    return std::nullopt;
  }
  if (name == "jobs" && rows.kind == Kind::observable) {
    for (const Row& row : rows.list) {
      for (const Id id : rows.tables.jobs_of(row_id(row))) found.add(rows.tables.job(id));
    }
    found.finish(Kind::job);
    return std::nullopt;
  }
  if ((name == "alerts" && rows.kind == Kind::item) || (name == "alert" && is_part)) {
    to_alert(rows, found);
    found.finish(Kind::alert);
    return std::nullopt;
  }
  const auto kind = kind_of_children(name, rows.kind, rows.version);
  if (!is_owner || !kind) return unknown(rows, name, false);
  for (const Row& row : rows.list) {
    if (const auto* alert = std::get_if<const Alert*>(&row)) {
      found.add_children((*alert)->children, name);
    } else {
      found.add_children(std::get<const Case*>(row)->children, name);
    }
  }
  found.finish(*kind);
  return std::nullopt;
}

std::optional<ApiError> sort(Rows& rows, const json::Value& op) {
  const json::Value fields = op["_fields"];
  if (!fields.is_array() || fields.size() == 0) {
    if (rows.version.v4()) return invalid_format("", without_name(op), "sort-f", {"sort-f"});
    return bad_request(
        "Invalid query: sort needs _fields, an array of {\"property\":\"asc|desc\"}");
  }
  struct Key {
    const Property* property;
    bool down;
  };
  std::vector<Key> keys;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const json::Value one = fields.at(i);
    const auto order = one.value_at(0).string_or_empty();
    if (!one.is_object() || one.size() != 1 || (order != "asc" && order != "desc")) {
      return bad_request("Invalid query: a sort field must be {\"property\":\"asc|desc\"}");
    }
    const Property* property = find_property(rows.kind, one.key_at(0), rows.version);
    if (property == nullptr) {
      return bad_request("Property " + std::string(one.key_at(0)) + " for type " +
                         type_text(rows.kind, rows.version) + " not found");
    }
    keys.push_back({property, order == "desc"});
  }
  std::stable_sort(rows.list.begin(), rows.list.end(), [&](const Row& a, const Row& b) {
    for (const Key& key : keys) {
      const int c = compare(key.property->get(a), key.property->get(b));
      if (c != 0) return key.down ? c > 0 : c < 0;
    }
    return false;
  });
  return std::nullopt;
}

}  // namespace socbridge::sandbox
