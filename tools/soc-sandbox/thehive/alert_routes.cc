// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/alert_routes.h"

#include "soc-sandbox/thehive/constants.h"

namespace socbridge::sandbox {
namespace {

ApiError duplicate(const Alert& alert) {
  return create_error("Alert " + alert.type + ":" + alert.source + ":" + alert.source_ref +
                      " already exist in organisation " + kOrganisation);
}

bool exists(const Tables& tables, const Alert& alert) {
  return tables.alert_with_key(alert.type, alert.source, alert.source_ref) != 0;
}

Id insert(Tables& tables, AlertInput input) {
  Parent parent;
  parent.alert = tables.put(std::move(input.alert));
  for (Observable& observable : input.observables) {
    observable.parent = parent;
    tables.put(std::move(observable));
  }
  for (Procedure& procedure : input.procedures) {
    procedure.parent = parent;
    tables.put(std::move(procedure));
  }
  return parent.alert;
}

Response show(Context& context, Id id, int status) {
  return context.store.read([&](const Tables& tables) {
    const Alert* alert = tables.alert(id);
    if (alert == nullptr) return no_such(context, "Alert", id_text(id)).response();
    return json_response(status, view_text(context.view(tables), *alert));
  });
}

Response post_alert(Context& context) {
  const Created created = create_alert(context, false);
  return created.error ? created.error->response() : show(context, created.id, 201);
}

Response get_alert(Context& context) {
  return context.store.read([&](const Tables& tables) {
    const Alert* alert = tables.alert_by(context.captures[0]);
    if (alert == nullptr) return no_such(context, "Alert", context.captures[0]).response();
    return json_response(200, view_text(context.view(tables), *alert));
  });
}

std::optional<ApiError> patch_one(Context& context, Tables& tables, const std::string& name) {
  const Alert* found = tables.alert_by(name);
  if (found == nullptr) return no_such(context, "Alert", name);
  Alert changed = *found;
  if (auto wrong = update_alert(context.json(), context.rules(tables), changed)) return wrong;
  const Id same_key = tables.alert_with_key(changed.type, changed.source, changed.source_ref);
  if (same_key != 0 && same_key != found->id) return duplicate(changed);
  tables.put(std::move(changed));
  return std::nullopt;
}

Response patch_alert(Context& context) {
  return context.store.write([&](Tables& tables) {
    const auto wrong = patch_one(context, tables, context.captures[0]);
    return wrong ? wrong->response() : no_content();
  });
}

// Reads the names in an array member; each must be an existing alert.
std::optional<ApiError> read_ids(Context& context, const Tables& tables,
                                 std::vector<std::string>& out) {
  const json::Value ids = context.json()["ids"];
  if (!ids.is_array()) return bad_request("Invalid input: ids must be an array");
  for (std::size_t i = 0; i < ids.size(); ++i) {
    out.emplace_back(ids.at(i).string_or_empty());
    if (tables.alert_by(out.back()) == nullptr) return no_such(context, "Alert", out.back());
  }
  return std::nullopt;
}

Response patch_alerts(Context& context) {
  return context.store.write([&](Tables& tables) {
    std::vector<std::string> names;
    if (const auto wrong = read_ids(context, tables, names)) return wrong->response();
    for (const std::string& name : names) {
      if (const auto wrong = patch_one(context, tables, name)) return wrong->response();
    }
    return no_content();
  });
}

Response remove_alerts(Context& context) {
  return context.store.write([&](Tables& tables) {
    std::vector<std::string> names;
    if (const auto wrong = read_ids(context, tables, names)) return wrong->response();
    for (const std::string& name : names) {
      if (const Alert* alert = tables.alert_by(name)) tables.remove_alert(alert->id);
    }
    return no_content();
  });
}

Response set_follow(Context& context, bool follow) {
  return context.store.write([&](Tables& tables) {
    const Alert* found = tables.alert_by(context.captures[0]);
    if (found == nullptr) return no_such(context, "Alert", context.captures[0]).response();
    Alert changed = *found;
    changed.follow = follow;
    tables.put(std::move(changed));
    return no_content();
  });
}

constexpr Route kRoutes[] = {
    {"POST", "api/v1/alert", post_alert, Access::key, Body::json},
    {"GET", "api/v1/alert/{}", get_alert},
    {"PATCH", "api/v1/alert/_bulk", patch_alerts, Access::key, Body::json, 5},
    {"PATCH", "api/v1/alert/{}", patch_alert, Access::key, Body::json},
    {"DELETE", "api/v1/alert/{}", remove_alert, Access::key, Body::none, 5},
    {"POST", "api/v1/alert/delete/_bulk", remove_alerts, Access::key, Body::json, 5},
    {"POST", "api/v1/alert/{}/follow", [](Context& c) { return set_follow(c, true); }},
    {"POST", "api/v1/alert/{}/unfollow", [](Context& c) { return set_follow(c, false); }},
};

}  // namespace

Created create_alert(Context& context, bool v0) {
  AlertInput input;
  const auto check = [&](const Tables& tables) -> std::optional<ApiError> {
    Rules rules = context.rules(tables);
    rules.v0 = v0;
    if (auto wrong = read_alert(context.json(), rules, input)) return wrong;
    if (exists(tables, input.alert)) return duplicate(input.alert);
    return std::nullopt;
  };
  if (auto wrong = context.store.read(check)) return {0, std::move(wrong)};
  const bool racing = context.dup_race_ms > 0;
  if (racing) context.pause(context.dup_race_ms);
  return context.store.write([&](Tables& tables) -> Created {
    // Checked again under the lock for inserting, unless the race is requested.
    if (!racing && exists(tables, input.alert)) return {0, duplicate(input.alert)};
    return {insert(tables, std::move(input)), std::nullopt};
  });
}

Response remove_alert(Context& context) {
  return context.store.write([&](Tables& tables) {
    const Alert* alert = tables.alert_by(context.captures[0]);
    if (alert == nullptr) return no_such(context, "Alert", context.captures[0]).response();
    tables.remove_alert(alert->id);
    return no_content();
  });
}

Parent alert_parent(const Tables& tables, const std::string& name) {
  const Alert* alert = tables.alert_by(name);
  return {alert == nullptr ? 0 : alert->id, 0};
}

Parent case_parent(const Tables& tables, const std::string& name) {
  const Case* item = tables.case_by(name);
  return {0, item == nullptr ? 0 : item->id};
}

ApiError no_such(const Context& context, std::string_view kind, const std::string& name) {
  if (context.version.v4()) return not_found(std::string(kind) + " not found");
  return not_found(std::string(kind) + " " + name + " not found");
}

std::span<const Route> alert_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
