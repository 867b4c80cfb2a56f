// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "json/value.h"
#include "soc-sandbox/thehive/accounts/accounts.h"
#include "soc-sandbox/thehive/api.h"
#include "soc-sandbox/thehive/cortex_link.h"
#include "soc-sandbox/thehive/store/store.h"
#include "soc-sandbox/thehive/validate.h"
#include "soc-sandbox/thehive/view.h"

namespace socbridge::sandbox {

// One request in a route.
struct Context {
  Store& store;
  const Version& version;
  const Request& request;
  const CortexLink& cortex;
  std::vector<std::string> captures = {};   // the segments that matched `{}`
  std::optional<json::Document> body = {};  // parsed, if the route requires one
  std::int64_t dup_race_ms = 0;             // pause between the search for a duplicate and storing
  std::int64_t query_lag_ms = 0;            // queries do not find objects younger than this
  std::function<void(std::int64_t)> pause = {};
  bool read_only = false;  // the key may read only
  bool foreign_organisation =
      false;                        // version 4: an organisation of which the user is not a member
  Accounts* accounts = nullptr;     // never null
  std::optional<Actor> actor = {};  // if the user is an account, not a key of the command line

  json::Value json() const { return body ? body->root() : json::Value(); }
  Rules rules(const Tables& tables) const {
    return {tables, version, request.parts, wall_now_ms()};
  }
  View view(const Tables& tables) const { return {tables, version}; }
};

enum class Access { open, key };
enum class Body { none, json, optional_json };

struct Route {
  const char* method;
  const char* pattern;  // segments; `{}` is any one segment
  Response (*handler)(Context&);
  Access access = Access::key;
  Body body = Body::none;
  int versions = 0;  // 4, 5, or 0 for both
};

std::span<const Route> alert_routes();
std::span<const Route> case_routes();
std::span<const Route> observable_routes();
std::span<const Route> comment_routes();
std::span<const Route> procedure_routes();
std::span<const Route> query_routes();
std::span<const Route> reference_routes();
std::span<const Route> status_routes();
std::span<const Route> page_routes();
std::span<const Route> case_page_routes();
std::span<const Route> connector_routes();
std::span<const Route> v4_routes();
std::span<const Route> account_routes();

}  // namespace socbridge::sandbox
