// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "soc-sandbox/thehive/context.h"
#include "soc-sandbox/thehive/page.h"

namespace socbridge::sandbox {
namespace {

Response html_response(int status, std::string html) {
  Response response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(html);
  response.headers = {
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Cache-Control", "no-store"}};
  return response;
}

Response show_list(Context& context) {
  std::size_t from = 0;
  for (const std::string_view pair : split(context.request.query, '&')) {
    if (pair.starts_with("from=")) from = parse_u64(pair.substr(5)).value_or(0);
  }
  return context.store.read(
      [&](const Tables& tables) { return html_response(200, list_page(tables, from)); });
}

Response show_alert(Context& context) {
  return context.store.read([&](const Tables& tables) {
    const Alert* alert = tables.alert_by(context.captures[0]);
    if (alert == nullptr) return html_response(404, missing_page());
    return html_response(200, alert_page(tables, *alert));
  });
}

constexpr Route kRoutes[] = {
    {"GET", "", show_list, Access::open},
    {"GET", "alert/{}", show_alert, Access::open},
};

}  // namespace

std::span<const Route> page_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
