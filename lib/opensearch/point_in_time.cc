// SPDX-License-Identifier: Apache-2.0
#include "opensearch/point_in_time.h"

#include <utility>

#include "json/writer.h"
#include "opensearch/answer_count.h"

namespace socbridge::opensearch {
namespace {

// Time between two pages; retries of a lost page end before.
constexpr const char* kKeepAlive = "10m";
constexpr std::int64_t kOpenMs = 600000;
constexpr std::int64_t kCloseMs = 5000;
constexpr const char* kLenient = "ignore_unavailable=true&allow_no_indices=true";

}  // namespace

PointInTime::PointInTime(Connection& connection, std::string pattern)
    : connection_(&connection), pattern_(std::move(pattern)) {}

PointInTime::PointInTime(PointInTime&& other) noexcept
    : connection_(other.connection_),
      pattern_(std::move(other.pattern_)),
      kind_(other.kind_),
      id_(std::exchange(other.id_, {})),
      missing_shards_(other.missing_shards_) {}

PointInTime::~PointInTime() { close(); }

// False: the cluster has no points in time of this kind, or the account may not create one.
Result<bool> PointInTime::open_as(Kind kind) {
  const bool ours = kind == Kind::opensearch;
  const std::string path = "/" + pattern_ + (ours ? "/_search/point_in_time" : "/_pit") +
                           "?keep_alive=" + kKeepAlive + "&ignore_unavailable=true";
  const http::Outcome outcome = connection_->send("POST", path, {}, Deadline::after_ms(kOpenMs));
  if (outcome.answered()) {
    const int status = outcome.response.status;
    if (status == 400 || status == 403 || status == 404 || status == 405) return false;
  }
  const auto answer = connection_->read(outcome);
  if (!answer.ok()) return answer.status();
  id_ = answer->root()[ours ? "pit_id" : "id"].text();
  const json::Value shards = answer->root()["_shards"];
  missing_shards_ = count_in(shards["total"]) - count_in(shards["successful"]);
  return is_open();
}

Status PointInTime::open() {
  id_.clear();
  missing_shards_ = 0;
  for (const Kind kind : {Kind::opensearch, Kind::elasticsearch}) {
    if (kind_ != Kind::unknown && kind_ != kind) continue;
    const auto made = open_as(kind);
    if (!made.ok()) return made.status();
    if (!*made) continue;
    kind_ = kind;
    return {};
  }
  kind_ = Kind::none;
  return {};
}

void PointInTime::close() {
  if (id_.empty()) return;
  json::Writer w;
  w.begin_object();
  if (kind_ == Kind::opensearch) {
    w.key("pit_id");
    w.begin_array();
    w.value(id_);
    w.end_array();
  } else {
    w.member("id", id_);
  }
  w.end_object();
  // The result does not matter: it expires by itself.
  static_cast<void>(
      connection_->send("DELETE", kind_ == Kind::opensearch ? "/_search/point_in_time" : "/_pit",
                        std::move(w).take(), Deadline::after_ms(kCloseMs)));
  id_.clear();
}

std::string PointInTime::path() const {
  return is_open() ? "/_search" : "/" + pattern_ + "/_search?" + kLenient;
}

std::string PointInTime::member() const {
  if (!is_open()) return {};
  return R"("pit":{"id":)" + json::quote(id_) + R"(,"keep_alive":")" + kKeepAlive + "\"},";
}

}  // namespace socbridge::opensearch
