// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/alert_routes.h"

namespace socbridge::sandbox {
namespace {

using ParentOf = Parent (*)(const Tables&, const std::string&);

bool is_none(const Parent& parent) { return parent.alert == 0 && parent.case_id == 0; }

Response add_one(Context& context, ParentOf find, const char* kind) {
  return context.store.write([&](Tables& tables) {
    const Parent parent = find(tables, context.captures[0]);
    if (is_none(parent)) return no_such(context, kind, context.captures[0]).response();
    Procedure procedure;
    if (const auto wrong = read_procedure(context.json(), context.rules(tables), "", procedure)) {
      return wrong->response();
    }
    procedure.parent = parent;
    const Id id = tables.put(std::move(procedure));
    return json_response(201, view_text(context.view(tables), *tables.procedure(id)));
  });
}

Response add_many(Context& context, ParentOf find, const char* kind) {
  return context.store.write([&](Tables& tables) {
    const Parent parent = find(tables, context.captures[0]);
    if (is_none(parent)) return no_such(context, kind, context.captures[0]).response();
    const json::Value given = context.json()["procedures"];
    if (!given.is_array()) {
      return bad_request("Invalid input: procedures must be an array").response();
    }
    std::vector<Procedure> procedures(given.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
      const std::string prefix = "procedures[" + std::to_string(i) + "].";
      const Rules rules = context.rules(tables);
      if (const auto wrong = read_procedure(given.at(i), rules, prefix, procedures[i])) {
        return wrong->response();
      }
      procedures[i].parent = parent;
    }
    json::Writer w;
    w.begin_array();
    for (Procedure& procedure : procedures) {
      const Id id = tables.put(std::move(procedure));
      write_view(w, context.view(tables), *tables.procedure(id));
    }
    w.end_array();
    return json_response(201, std::move(w).take());
  });
}

Response remove_procedure(Context& context) {
  return context.store.write([&](Tables& tables) {
    const Id id = parse_id(context.captures[0]);
    if (tables.procedure(id) == nullptr) {
      return no_such(context, "Procedure", context.captures[0]).response();
    }
    tables.remove_procedure(id);
    return no_content();
  });
}

Response one_to_alert(Context& context) { return add_one(context, alert_parent, "Alert"); }
Response one_to_case(Context& context) { return add_one(context, case_parent, "Case"); }
Response many_to_alert(Context& context) { return add_many(context, alert_parent, "Alert"); }
Response many_to_case(Context& context) { return add_many(context, case_parent, "Case"); }

// Version 4 has a single path, and procedures on cases only.
Response by_case_id(Context& context) {
  const auto name = context.json()["caseId"].string();
  if (!name) {
    Fields fields(context.json(), context.version);
    fields.missing("caseId");
    return fields.error().response();
  }
  context.captures = {std::string(*name)};
  return add_one(context, case_parent, "Case");
}

constexpr Route kRoutes[] = {
    {"POST", "api/v1/procedure", by_case_id, Access::key, Body::json, 4},
    {"POST", "api/v1/alert/{}/procedure", one_to_alert, Access::key, Body::json, 5},
    {"POST", "api/v1/alert/{}/procedures", many_to_alert, Access::key, Body::json, 5},
    {"POST", "api/v1/case/{}/procedure", one_to_case, Access::key, Body::json, 5},
    {"POST", "api/v1/case/{}/procedures", many_to_case, Access::key, Body::json, 5},
    {"DELETE", "api/v1/procedure/{}", remove_procedure, Access::key, Body::none, 5},
};

}  // namespace

std::span<const Route> procedure_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
