// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/alert_routes.h"
#include "soc-sandbox/thehive/connector.h"

namespace socbridge::sandbox {
namespace {

using ParentOf = Parent (*)(const Tables&, const std::string&);

// The answer for stored and existing observables. Version 4: 207 with both lists if at least one
// existed. The behaviour of version 5 is unknown: here it refuses if nothing was new, and answers
// 207 if some were.
Response report(const Context& context, const Tables& tables, const std::vector<Id>& stored,
                const std::vector<Observable>& repeated) {
  const std::string message = "Observable already exists";
  if (!repeated.empty() && stored.empty() && !context.version.v4()) {
    return create_error(message).response();
  }
  json::Writer w;
  if (!repeated.empty()) {
    w.begin_object();
    w.key("success");
  }
  w.begin_array();
  for (const Id id : stored) write_view(w, context.view(tables), *tables.observable(id));
  w.end_array();
  if (repeated.empty()) {
    const bool old = context.version.major == 5 && context.version.minor == 0;
    return json_response(old ? 200 : 201, std::move(w).take());
  }
  w.key("failure");
  w.begin_array();
  for (const Observable& one : repeated) {
    w.begin_object();
    w.member("type", "CreateError");
    w.member("message", message);
    w.key("object");
    w.begin_object();
    w.member("data", one.data);
    w.end_object();
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return json_response(207, std::move(w).take());
}

Response add_observables(Context& context, ParentOf find, const char* kind) {
  return context.store.write([&](Tables& tables) {
    const Parent parent = find(tables, context.captures[0]);
    if (parent.alert == 0 && parent.case_id == 0) {
      return no_such(context, kind, context.captures[0]).response();
    }
    std::vector<Observable> given, repeated;
    Rules rules = context.rules(tables);
    rules.file_part = true;
    if (const auto wrong = read_observables(context.json(), rules, "", given)) {
      return wrong->response();
    }
    std::vector<Id> stored;
    for (Observable& one : given) {
      if (tables.has_observable(parent, one)) {
        repeated.push_back(std::move(one));
        continue;
      }
      one.parent = parent;
      stored.push_back(tables.put(std::move(one)));
    }
    return report(context, tables, stored, repeated);
  });
}

Response to_alert(Context& context) { return add_observables(context, alert_parent, "Alert"); }
Response to_case(Context& context) { return add_observables(context, case_parent, "Case"); }

Response get_observable(Context& context) {
  refresh_jobs(context);
  return context.store.read([&](const Tables& tables) {
    const Observable* found = tables.observable(parse_id(context.captures[0]));
    if (found == nullptr) return no_such(context, "Observable", context.captures[0]).response();
    return json_response(200, view_text(context.view(tables), *found));
  });
}

Response patch_observable(Context& context) {
  return context.store.write([&](Tables& tables) {
    const Observable* found = tables.observable(parse_id(context.captures[0]));
    if (found == nullptr) return no_such(context, "Observable", context.captures[0]).response();
    Observable changed = *found;
    if (const auto wrong = update_observable(context.json(), context.rules(tables), changed)) {
      return wrong->response();
    }
    tables.put(std::move(changed));
    return no_content();
  });
}

Response remove_observable(Context& context) {
  return context.store.write([&](Tables& tables) {
    const Id id = parse_id(context.captures[0]);
    if (tables.observable(id) == nullptr) {
      return no_such(context, "Observable", context.captures[0]).response();
    }
    tables.remove_observable(id);
    return no_content();
  });
}

constexpr Route kRoutes[] = {
    {"POST", "api/v1/alert/{}/observable", to_alert, Access::key, Body::json, 5},
    {"POST", "api/v1/alert/{}/artifact", to_alert, Access::key, Body::json, 4},
    {"POST", "api/v1/case/{}/observable", to_case, Access::key, Body::json},
    {"GET", "api/v1/observable/{}", get_observable},
    {"PATCH", "api/v1/observable/{}", patch_observable, Access::key, Body::json},
    {"DELETE", "api/v1/observable/{}", remove_observable},
};

}  // namespace

std::span<const Route> observable_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
