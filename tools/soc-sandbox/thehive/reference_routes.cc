// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "soc-sandbox/thehive/alert_routes.h"
#include "soc-sandbox/thehive/constants.h"

namespace socbridge::sandbox {
namespace {

constexpr std::size_t kName = 64, kTemplateName = 128;

Response get_type(Context& context) {
  return context.store.read([&](const Tables& tables) {
    const auto& types = tables.types();
    const std::string& name = context.captures[0];
    const Id id = parse_id(name);
    const auto found = std::find_if(types.begin(), types.end(), [&](const auto& entry) {
      return id != 0 ? entry.second.id == id : entry.first == name;
    });
    if (found == types.end()) {
      // Version 4's message has "Observable".
      return no_such(context, context.version.v4() ? "Observable" : "ObservableType", name)
          .response();
    }
    return json_response(200, view_text(context.view(tables), found->second));
  });
}

Response post_type(Context& context) {
  return context.store.write([&](Tables& tables) {
    Fields fields(context.json(), context.version);
    ObservableType type;
    type.name = fields.required_text("name", 1, kName);
    type.is_attachment = fields.flag("isAttachment").value_or(false);
    type.is_case_sensitive = fields.flag("isCaseSensitive").value_or(false);
    if (!fields.ok()) return fields.error().response();
    if (tables.types().count(type.name) != 0) {
      return create_error("Observable type " + type.name + " already exists").response();
    }
    const std::string name = type.name;
    tables.put(std::move(type));
    return json_response(201, view_text(context.view(tables), tables.types().find(name)->second));
  });
}

Response post_custom_field(Context& context) {
  constexpr std::array<std::string_view, 6> kTypes = {"string",  "integer", "float",
                                                      "boolean", "date",    "url"};
  return context.store.write([&](Tables& tables) {
    Fields fields(context.json(), context.version);
    CustomField field;
    field.name = fields.required_text("name", 1, kName);
    field.display_name = fields.text("displayName", 1, kName).value_or(field.name);
    field.type = fields.required_text("type", 1, kName);
    fields.required_text("description", 1, kMegabyte);
    if (!context.version.v4()) fields.required_text("group", 1, kName);
    if (!fields.ok()) return fields.error().response();
    if (std::find(kTypes.begin(), kTypes.end(), field.type) == kTypes.end()) {
      return bad_request("Invalid custom field type " + field.type).response();
    }
    if (tables.custom_fields().count(field.name) != 0) {
      return create_error("CustomField " + field.name + " already exists").response();
    }
    const std::string name = field.name;
    tables.put(std::move(field));
    const CustomField& stored = tables.custom_fields().find(name)->second;
    return json_response(201, view_text(context.view(tables), stored));
  });
}

Response get_custom_fields(Context& context) {
  return context.store.read([&](const Tables& tables) {
    json::Writer w;
    w.begin_array();
    for (const auto& [name, field] : tables.custom_fields()) {
      write_view(w, context.view(tables), field);
    }
    w.end_array();
    return json_response(200, std::move(w).take());
  });
}

Response post_case_template(Context& context) {
  return context.store.write([&](Tables& tables) {
    Fields fields(context.json(), context.version);
    const std::string name = fields.required_text("name", 1, kTemplateName);
    if (!fields.ok()) return fields.error().response();
    if (tables.case_templates().count(name) != 0) {
      return create_error("CaseTemplate " + name + " already exists").response();
    }
    tables.put_case_template(name);
    return json_response(201, "{\"_type\":\"caseTemplate\",\"name\":" + json::quote(name) + "}");
  });
}

Response get_pattern(Context& context) {
  const std::string& id = context.captures[0];
  if (!is_known_pattern(id)) return no_such(context, "Pattern", id).response();
  return json_response(200, "{\"_id\":\"~" + id.substr(1, 4) +
                                "\",\"_type\":\"pattern\",\"patternId\":" + json::quote(id) + "}");
}

constexpr Route kRoutes[] = {
    {"GET", "api/v1/observable/type/{}", get_type},
    {"POST", "api/v1/observable/type", post_type, Access::key, Body::json},
    {"GET", "api/v1/customField", get_custom_fields},
    {"POST", "api/v1/customField", post_custom_field, Access::key, Body::json},
    {"POST", "api/v1/caseTemplate", post_case_template, Access::key, Body::json},
    {"GET", "api/v1/pattern/{}", get_pattern},
};

}  // namespace

std::span<const Route> reference_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
