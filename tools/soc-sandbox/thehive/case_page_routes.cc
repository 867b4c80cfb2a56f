// SPDX-License-Identifier: Apache-2.0
// Pages of cases: shared texts that several people write.
#include "soc-sandbox/thehive/alert_routes.h"

namespace socbridge::sandbox {
namespace {

constexpr std::size_t kTitle = 512, kCategory = 128;

// The page in the captures, if it belongs to that case.
const CasePage* find(const Context& context, const Tables& tables) {
  const Case* owner = tables.case_by(context.captures[0]);
  const CasePage* page = tables.page(parse_id(context.captures[1]));
  return owner != nullptr && page != nullptr && page->parent.case_id == owner->id ? page : nullptr;
}

Response add(Context& context) {
  return context.store.write([&](Tables& tables) {
    CasePage page;
    page.parent = case_parent(tables, context.captures[0]);
    if (page.parent.case_id == 0) return no_such(context, "Case", context.captures[0]).response();
    Fields fields(context.json(), context.version);
    page.title = fields.required_text("title", 1, kTitle);
    page.content = fields.required_text("content", 0, kMegabyte);
    page.category = fields.required_text("category", 1, kCategory);
    page.order = fields.integer("order").value_or(0);
    if (!fields.ok()) return fields.error().response();
    page.created = wall_now_ms();
    const Id id = tables.put(std::move(page));
    return json_response(201, view_text(context.view(tables), *tables.page(id)));
  });
}

Response patch(Context& context) {
  return context.store.write([&](Tables& tables) {
    const CasePage* found = find(context, tables);
    if (found == nullptr) return no_such(context, "Page", context.captures[1]).response();
    CasePage changed = *found;
    Fields fields(context.json(), context.version);
    changed.title = fields.text("title", 1, kTitle).value_or(changed.title);
    changed.content = fields.text("content", 0, kMegabyte).value_or(changed.content);
    changed.category = fields.text("category", 1, kCategory).value_or(changed.category);
    changed.order = fields.integer("order").value_or(changed.order);
    if (!fields.ok()) return fields.error().response();
    changed.updated = wall_now_ms();
    tables.put(std::move(changed));
    return no_content();
  });
}

Response remove(Context& context) {
  return context.store.write([&](Tables& tables) {
    const CasePage* found = find(context, tables);
    if (found == nullptr) return no_such(context, "Page", context.captures[1]).response();
    tables.remove_page(found->id);
    return no_content();
  });
}

constexpr Route kRoutes[] = {
    {"POST", "api/v1/case/{}/page", add, Access::key, Body::json, 5},
    {"PATCH", "api/v1/case/{}/page/{}", patch, Access::key, Body::json, 5},
    {"DELETE", "api/v1/case/{}/page/{}", remove, Access::key, Body::none, 5},
};

}  // namespace

std::span<const Route> case_page_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
