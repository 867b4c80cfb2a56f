// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "soc-sandbox/thehive/alert_routes.h"
#include "soc-sandbox/thehive/constants.h"

namespace socbridge::sandbox {
namespace {

// Copies the children of the alert into the case, without existing ones, and marks the alert as
// imported.
void import(Tables& tables, const Alert& from, Id case_id, UnixMillis now) {
  Alert alert = from;
  const Parent target{0, case_id};
  for (const Id id : from.children.observables) {
    Observable copy = *tables.observable(id);
    if (tables.has_observable(target, copy)) continue;
    copy.id = 0;
    copy.parent = target;
    tables.put(std::move(copy));
  }
  for (const Id id : from.children.procedures) {
    Procedure copy = *tables.procedure(id);
    copy.id = 0;
    copy.parent = target;
    tables.put(std::move(copy));
  }
  alert.case_id = case_id;
  alert.status = alert.stage = "Imported";
  alert.imported = alert.updated = now;
  const Id alert_id = tables.put(std::move(alert));
  Case owner = *tables.find_case(case_id);
  owner.alerts.push_back(alert_id);
  tables.put(std::move(owner));
}

Response show(Context& context, const Tables& tables, Id id, int status) {
  return json_response(status, view_text(context.view(tables), *tables.find_case(id)));
}

Response promote(Context& context) {
  return context.store.write([&](Tables& tables) {
    const Alert* alert = tables.alert_by(context.captures[0]);
    if (alert == nullptr) return no_such(context, "Alert", context.captures[0]).response();
    if (alert->case_id != 0) {
      // Version 4 returns the existing case (AlertSrv.scala); the behaviour of 5 is unknown.
      if (context.version.v4()) return show(context, tables, alert->case_id, 201);
      return bad_request("Alert " + context.captures[0] + " is already imported").response();
    }
    // Both versions look up a template that the request names (4.1.24, `createCase`).
    const auto named = context.body ? context.json()["caseTemplate"].string() : std::nullopt;
    if (named && tables.case_templates().count(std::string(*named)) == 0) {
      return not_found("CaseTemplate not found").response();
    }
    Case item;
    static_cast<Record&>(item) = *alert;
    item.id = 0;
    item.children = {};
    item.status = item.stage = "New";
    item.start_date = alert->date;
    const Rules rules = context.rules(tables);
    if (context.body) {
      if (const auto wrong = update_case(context.json(), rules, item)) return wrong->response();
    }
    item.created = rules.now;
    item.updated = 0;
    item.number = tables.next_case_number();
    const Id id = tables.put(std::move(item));
    import(tables, *alert, id, rules.now);
    return show(context, tables, id, 201);
  });
}

Response post_case(Context& context) {
  return context.store.write([&](Tables& tables) {
    const Rules rules = context.rules(tables);
    Fields fields(context.json(), context.version);
    constexpr std::size_t kTitle = 512;
    Case item;
    item.title = fields.required_text("title", 1, kTitle);
    item.description = fields.required_text("description", 0, kMegabyte);
    if (!fields.ok()) return fields.error().response();
    item.start_date = rules.now;
    if (const auto wrong = update_case(context.json(), rules, item)) return wrong->response();
    item.created = rules.now;
    item.updated = 0;
    item.number = tables.next_case_number();
    const Id id = tables.put(std::move(item));
    return show(context, tables, id, 201);
  });
}

Response get_case(Context& context) {
  return context.store.read([&](const Tables& tables) {
    const Case* item = tables.case_by(context.captures[0]);
    if (item == nullptr) return no_such(context, "Case", context.captures[0]).response();
    return show(context, tables, item->id, 200);
  });
}

Response patch_case(Context& context) {
  return context.store.write([&](Tables& tables) {
    const Case* found = tables.case_by(context.captures[0]);
    if (found == nullptr) return no_such(context, "Case", context.captures[0]).response();
    Case changed = *found;
    if (const auto wrong = update_case(context.json(), context.rules(tables), changed)) {
      return wrong->response();
    }
    tables.put(std::move(changed));
    return no_content();
  });
}

constexpr Route kRoutes[] = {
    {"POST", "api/v1/alert/{}/case", promote, Access::key, Body::optional_json},
    {"POST", "api/v1/alert/{}/merge/{}", merge_alert, Access::key, Body::none, 5},
    {"POST", "api/v1/alert/{}/import/{}", merge_alert, Access::key, Body::none, 5},
    {"POST", "api/v1/case", post_case, Access::key, Body::json},
    {"GET", "api/v1/case/{}", get_case},
    {"PATCH", "api/v1/case/{}", patch_case, Access::key, Body::json},
};

}  // namespace

Response merge_alert(Context& context) {
  return context.store.write([&](Tables& tables) {
    const Alert* alert = tables.alert_by(context.captures[0]);
    if (alert == nullptr) return no_such(context, "Alert", context.captures[0]).response();
    const Case* target = tables.case_by(context.captures[1]);
    if (target == nullptr) return no_such(context, "Case", context.captures[1]).response();
    if (alert->case_id != 0) {
      return bad_request("Alert " + context.captures[0] + " is already imported").response();
    }
    const Id id = target->id;
    import(tables, *alert, id, wall_now_ms());
    return show(context, tables, id, 200);
  });
}

std::span<const Route> case_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
