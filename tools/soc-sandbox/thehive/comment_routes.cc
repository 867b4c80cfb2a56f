// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/alert_routes.h"

namespace socbridge::sandbox {
namespace {

using ParentOf = Parent (*)(const Tables&, const std::string&);

std::optional<ApiError> read_message(const Context& context, std::string& out) {
  Fields fields(context.json(), context.version);
  out = fields.required_text("message", 0, kMegabyte);
  fields.flag("external");
  if (!fields.ok()) return fields.error();
  return std::nullopt;
}

Response add(Context& context, ParentOf find, const char* kind) {
  return context.store.write([&](Tables& tables) {
    Comment comment;
    comment.parent = find(tables, context.captures[0]);
    if (comment.parent.alert == 0 && comment.parent.case_id == 0) {
      return no_such(context, kind, context.captures[0]).response();
    }
    if (const auto wrong = read_message(context, comment.message)) return wrong->response();
    comment.created = wall_now_ms();
    const Id id = tables.put(std::move(comment));
    return json_response(201, view_text(context.view(tables), *tables.comment(id)));
  });
}

Response to_alert(Context& context) { return add(context, alert_parent, "Alert"); }
Response to_case(Context& context) { return add(context, case_parent, "Case"); }

Response patch_comment(Context& context) {
  return context.store.write([&](Tables& tables) {
    const Comment* found = tables.comment(parse_id(context.captures[0]));
    if (found == nullptr) return no_such(context, "Comment", context.captures[0]).response();
    Comment changed = *found;
    if (const auto wrong = read_message(context, changed.message)) return wrong->response();
    changed.updated = wall_now_ms();
    tables.put(std::move(changed));
    return no_content();
  });
}

Response remove_comment(Context& context) {
  return context.store.write([&](Tables& tables) {
    const Id id = parse_id(context.captures[0]);
    if (tables.comment(id) == nullptr)
      return no_such(context, "Comment", context.captures[0]).response();
    tables.remove_comment(id);
    return no_content();
  });
}

constexpr Route kRoutes[] = {
    {"POST", "api/v1/alert/{}/comment", to_alert, Access::key, Body::json, 5},
    {"POST", "api/v1/case/{}/comment", to_case, Access::key, Body::json, 5},
    {"PATCH", "api/v1/comment/{}", patch_comment, Access::key, Body::json, 5},
    {"DELETE", "api/v1/comment/{}", remove_comment, Access::key, Body::none, 5},
};

}  // namespace

std::span<const Route> comment_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
