// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/query/query.h"

#include <algorithm>

#include "base/time.h"
#include "soc-sandbox/thehive/accounts/account_routes.h"
#include "soc-sandbox/thehive/connector.h"
#include "soc-sandbox/thehive/query/query_filter.h"
#include "soc-sandbox/thehive/query/query_steps.h"

namespace socbridge::sandbox {
namespace {

class Query {
 public:
  Query(const Tables& tables, const Version& version, std::int64_t lag_ms)
      : rows_{tables, version, {}, Kind::alert}, lag_ms_(lag_ms) {}

  std::optional<ApiError> step(const json::Value& op, bool first) {
    const auto name = op["_name"].string();
    if (!name) return bad_request("Invalid query: an operation needs _name");
    if (counted_) return bad_request("Invalid query: nothing may follow count");
    if (first) {
      if (auto wrong = select(rows_, *name, op)) return wrong;
      hide_young();
      return std::nullopt;
    }
    if (*name == "filter") return filter(op);
    if (*name == "sort") return sort(rows_, op);
    if (*name == "page") return page(op);
    if (*name == "count") {
      counted_ = true;
      return std::nullopt;
    }
    return traverse(rows_, *name);
  }

  QueryAnswer answer(std::vector<std::string> exclude) const {
    if (counted_) return {std::to_string(rows_.list.size()), std::nullopt};
    const View view{rows_.tables, rows_.version, std::move(exclude), extra_data_};
    json::Writer w;
    w.begin_array();
    for (const Row& row : rows_.list) {
      std::visit([&](const auto* thing) { write_view(w, view, *thing); }, row);
    }
    w.end_array();
    return {std::move(w).take(), total_};
  }

 private:
  void hide_young() {
    if (lag_ms_ <= 0) return;
    const UnixMillis newest = wall_now_ms() - lag_ms_;
    std::erase_if(rows_.list, [&](const Row& row) { return row_created(row) > newest; });
  }

  std::optional<ApiError> filter(const json::Value& op) {
    Predicate keep;
    if (auto wrong = compile_filter(op, rows_.kind, rows_.version, keep)) return wrong;
    std::erase_if(rows_.list, [&](const Row& row) { return !keep(row); });
    return std::nullopt;
  }

  std::optional<ApiError> page(const json::Value& op) {
    const auto from = op["from"].integer();
    const auto to = op["to"].integer();
    if (!from || !to || *from < 0 || *to < *from) {
      return bad_request("Invalid query: page needs the whole numbers from and to");
    }
    extra_data_.clear();
    for (std::size_t i = 0; i < op["extraData"].size(); ++i) {
      extra_data_.emplace_back(op["extraData"].at(i).string_or_empty());
    }
    const std::size_t size = rows_.list.size();
    // Version 4 always counts observable types.
    const bool always = rows_.version.v4() && rows_.kind == Kind::type;
    if (always || std::find(extra_data_.begin(), extra_data_.end(), "total") != extra_data_.end()) {
      constexpr std::size_t kLimitedCount = 1000;  // of version 4
      total_ = rows_.version.v4() ? std::min(size, kLimitedCount) : size;
    }
    const std::size_t begin = std::min(size, static_cast<std::size_t>(*from));
    const std::size_t end = std::min(size, static_cast<std::size_t>(*to));
    rows_.list = std::vector<Row>(rows_.list.begin() + static_cast<std::ptrdiff_t>(begin),
                                  rows_.list.begin() + static_cast<std::ptrdiff_t>(end));
    return std::nullopt;
  }

  Rows rows_;
  std::int64_t lag_ms_;
  std::vector<std::string> extra_data_;
  std::optional<std::uint64_t> total_;
  bool counted_ = false;
};

Response post_query(Context& context) {
  if (auto users = query_users(context)) return *users;
  refresh_jobs(context);
  return context.store.read([&](const Tables& tables) {
    QueryAnswer answer;
    if (const auto wrong =
            run_query(context.json(), tables, context.version, context.query_lag_ms, answer)) {
      return wrong->response();
    }
    Response response = json_response(200, std::move(answer.json));
    if (answer.total) response.headers.emplace_back("X-Total", std::to_string(*answer.total));
    return response;
  });
}

constexpr Route kRoutes[] = {
    {"POST", "api/v1/query", post_query, Access::key, Body::json},
};

}  // namespace

std::optional<ApiError> run_query(const json::Value& body, const Tables& tables,
                                  const Version& version, std::int64_t lag_ms, QueryAnswer& out) {
  const json::Value ops = body["query"];
  if (version.v4() && ops.is_array() && ops.size() == 0) {
    return ApiError{500, "java.util.NoSuchElementException", "head of empty list", {}};
  }
  if (!ops.is_array() || ops.size() == 0) {
    return bad_request("Invalid query: query must be an array of operations");
  }
  Query query(tables, version, lag_ms);
  for (std::size_t i = 0; i < ops.size(); ++i) {
    if (auto wrong = query.step(ops.at(i), i == 0)) return wrong;
  }
  std::vector<std::string> exclude;
  const json::Value names = body["excludeFields"];
  for (std::size_t i = 0; i < names.size(); ++i) {
    exclude.emplace_back(names.at(i).string_or_empty());
  }
  out = query.answer(std::move(exclude));
  return std::nullopt;
}

std::span<const Route> query_routes() { return kRoutes; }

}  // namespace socbridge::sandbox
