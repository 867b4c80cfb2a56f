// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/router.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "soc-sandbox/server/pattern.h"
#include "soc-sandbox/thehive/constants.h"

namespace socbridge::sandbox {
namespace {

const Route* find_route(const Version& version, const Request& request, std::size_t skipped,
                        std::vector<std::string>& captures) {
  const std::array tables = {alert_routes(),     case_routes(),      observable_routes(),
                             comment_routes(),   procedure_routes(), query_routes(),
                             reference_routes(), status_routes(),    page_routes(),
                             case_page_routes(), connector_routes(), v4_routes(),
                             account_routes()};
  const std::string& method = request.method;
  for (const auto& table : tables) {
    for (const Route& route : table) {
      const bool in_version = route.versions == 0 || (route.versions == 4) == version.v4();
      const bool is_method = method == route.method || (method == "HEAD" && *route.method == 'G');
      if (in_version && is_method && match_path(route.pattern, request.segments, skipped, captures))
        return &route;
    }
  }
  return nullptr;
}

ApiError not_permitted() { return {403, "AuthorizationError", "Operation not permitted", {}}; }

std::optional<ApiError> check_key(const RouterOptions& options, Context& context) {
  const Request& request = context.request;
  const ApiError refused{401, "AuthenticationError", "Authentication failure", {}};
  constexpr std::string_view kScheme = "Bearer ";
  const bool bearer = istarts_with(request.authorization, kScheme);
  const std::string_view key =
      bearer ? trim(std::string_view(request.authorization).substr(kScheme.size())) : "";
  context.read_only = !options.read_only_key.empty() && key == options.read_only_key;
  const bool fits = options.key.empty() || key == options.key || context.read_only;
  context.actor = context.accounts->actor(request.authorization, request.organisation);
  if (context.actor) return std::nullopt;
  if (key.empty() || !fits) return refused;
  if (request.organisation.empty() || request.organisation == kOrganisation) return std::nullopt;
  // Version 4 accepts such a request and finds nothing; the behaviour of version 5 is unknown.
  context.foreign_organisation = options.version.v4();
  if (options.version.v4()) return std::nullopt;
  return ApiError{403, "AuthorizationError", "Organisation is not accessible", {}};
}

// Version 4's answer to a request for an organisation of which the user is not a member; its alerts
// are created in the user's own one.
std::optional<ApiError> check_organisation(const Context& context, std::string_view pattern) {
  if (!context.foreign_organisation) return std::nullopt;
  if (pattern == "api/alert") return not_permitted();
  if (pattern == "api/v1/alert" || pattern == "api/v1/user/current" || pattern == "api/v1/status")
    return std::nullopt;
  return not_found("Organisation not found");
}

bool is_administration(const Route& route) {
  const auto routes = account_routes();
  return std::any_of(routes.begin(), routes.end(),
                     [&](const Route& one) { return &one == &route; });
}

std::optional<ApiError> check_actor(const Context& context, const Route& route) {
  const std::string_view pattern = route.pattern;
  const std::string_view needed = permission_for(context.version, route.method, pattern);
  if (context.actor->may(needed)) return std::nullopt;
  if (context.version.v4() && pattern == "api/v1/alert") return not_found("Organisation not found");
  if (context.version.v4() && pattern == "api/alert") return not_permitted();
  return ApiError{403,
                  "AuthorizationError",
                  "Your are not authorized to " + std::string(route.method) + " " +
                      std::string(pattern) + ", you haven't the permission " + std::string(needed),
                  {}};
}

// A user without permissions may only read. In version 4 such a user's alert has no organisation.
std::optional<ApiError> check_permission(const Context& context, const Route& route) {
  const std::string_view pattern = route.pattern;
  if (context.actor) return check_actor(context, route);
  // The key of the command line is not an administrator's; administrators are accounts.
  if (is_administration(route)) return not_found("User not found");
  if (!context.read_only || *route.method == 'G' || pattern == "api/v1/query") return std::nullopt;
  if (context.version.v4() && pattern == "api/v1/alert") return not_found("Organisation not found");
  if (context.version.v4() && pattern == "api/alert") return not_permitted();
  return ApiError{403,
                  "AuthorizationError",
                  "Your are not authorized to " + std::string(route.method) + " " +
                      std::string(pattern) + ", you haven't the permission",
                  {}};
}

// Enforced since 5.4.10 against cross-site requests. Version 4 treats such a body as empty.
std::optional<ApiError> check_type(const RouterOptions& options, const Request& request) {
  const bool empty = request.body.empty() && request.parts.empty();
  const bool right =
      request.content_type == "application/json" || request.content_type == "multipart/form-data";
  if (empty || right || options.version < Version{5, 4, 10}) return std::nullopt;
  return bad_request("Invalid content type, expected application/json or multipart/form-data");
}

// Jackson refuses a raw control character inside a string, our own lenient parser accepts it.
bool has_raw_control(std::string_view text) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (c < ' ' && in_string) {
      return true;
    }
  }
  return false;
}

std::optional<ApiError> read_json(const RouterOptions& options, const Route& route,
                                  Context& context) {
  const Request& request = context.request;
  if (route.body == Body::none) return std::nullopt;
  if (route.body == Body::optional_json && trim(request.body).empty()) return std::nullopt;
  const bool is_form = request.content_type == "multipart/form-data";
  const bool is_json = request.content_type == "application/json" || is_form;
  const bool taken_as_empty = options.version.v4() && !is_json;
  const std::string_view text = taken_as_empty ? "{}" : std::string_view(request.body);
  const std::string bad_json = options.version.v4() ? "Invalid Json: " : "Invalid json: ";
  if (!is_valid_utf8(text)) return bad_request(bad_json + "the body is not UTF-8");
  if (has_raw_control(text)) return bad_request(bad_json + "unescaped control character");
  auto document = json::Document::parse(text);
  if (!document.ok()) return bad_request(bad_json + document.status().message());
  if (!document->root().is_object()) {
    if (!options.version.v4()) return bad_request("Invalid json: an object is expected");
    document = json::Document::parse("{}");
  }
  context.body = std::move(*document);
  return std::nullopt;
}

}  // namespace

Response route(const RouterOptions& options, Context& context) {
  const Request& request = context.request;
  std::size_t skipped = 0;
  const Route* route = nullptr;
  if (skip_prefix(options.prefix, request.segments, skipped)) {
    route = find_route(options.version, request, skipped, context.captures);
  }
  if (route == nullptr) {
    // Version 4 reports the path as a missing entity.
    if (options.version.v4()) return not_found(request.path).response();
    return not_found("No such route: " + request.method + " " + printable(request.path)).response();
  }
  if (request.too_large) {
    return ApiError{413, "Unknown", "Request Entity Too Large", {}}.response();
  }
  if (route->access == Access::key) {
    if (const auto refused = check_key(options, context)) return refused->response();
    if (const auto refused = check_organisation(context, route->pattern))
      return refused->response();
    if (const auto refused = check_permission(context, *route)) return refused->response();
  }
  if (const auto wrong = check_type(options, request)) return wrong->response();
  if (const auto wrong = read_json(options, *route, context)) return wrong->response();
  return route->handler(context);
}

}  // namespace socbridge::sandbox
