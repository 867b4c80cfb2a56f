// SPDX-License-Identifier: Apache-2.0
#include "stream/index/observable_refresh.h"

#include <algorithm>

#include "base/text.h"
#include "thehive/json_fields.h"
#include "thehive/query.h"

namespace socbridge::stream {
namespace {

namespace filter = thehive::filter;

constexpr std::uint64_t kPage = 1000;
constexpr std::int64_t kTimeoutMs = 120000;
constexpr std::int64_t kOverlapMs = 60000;

std::string open_filter(bool of_cases, bool v4) {
  if (v4)
    return of_cases ? filter::is("status", std::string_view("Open"))
                    : filter::is("imported", false);
  if (of_cases) return filter::none_of(filter::is("stage", std::string_view("Closed")));
  return filter::none_of(filter::in("stage", {"Closed", "Imported"}));
}

}  // namespace

void ObservableRefresh::add(std::string_view data_type, std::string_view data,
                            std::uint64_t observable) {
  const auto key = key_of(data_type, data);
  if (key && set_.add(*key, observable) && take_fresh_) {
    fresh_.push_back({std::string(data_type), std::string(data), observable});
  }
}

Status ObservableRefresh::hand_over() {
  if (fresh_.empty()) return {};
  if (const Status s = take_fresh_(fresh_); !s.ok()) return s;
  fresh_.clear();
  return {};
}

void ObservableRefresh::take(json::Value observable) {
  const std::string id = observable["_id"].text();
  // No observable has the number 0.
  const std::uint64_t number =
      id.starts_with('~') ? parse_u64(std::string_view(id).substr(1)).value_or(0) : 0;
  newest_ms_ = std::max(newest_ms_, thehive::time_field(observable["_createdAt"]));
  if (number == 0) return;
  const std::string data = observable["data"].text();
  if (!data.empty()) add(observable["dataType"].text(), data, number);
  const json::Value hashes = observable["attachment"]["hashes"];
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    add("hash", hashes.at(i).string_or_empty(), number);
  }
}

Status ObservableRefresh::read(bool of_cases, UnixMillis since, const Stop& stop) {
  const Deadline first = Deadline::after_ms(kTimeoutMs);
  const auto version = client_.version(first);
  if (!version.ok()) return version.status();
  const bool v4 = version->api == thehive::ApiVersion::v4;
  std::uint64_t skip = 0;  // how many of those created at `since` were read
  while (!stop()) {
    thehive::Query query(of_cases ? "listCase" : "listAlert");
    query.where(open_filter(of_cases, v4)).to("observables");
    query.where(filter::at_least("_createdAt", since))
        .sort("_createdAt", thehive::Order::ascending);
    query.page(skip, skip + kPage);
    const auto answer =
        client_.query("socctl-stream-refresh", query.text(), Deadline::after_ms(kTimeoutMs));
    if (!answer.ok()) return answer.status();
    const json::Value list = answer->root();
    if (!list.is_array()) {
      return Status::error(ExitCode::refused, "TheHive's answer to a query is not a list",
                           "check that the URL is TheHive's own");
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
      const json::Value one = list.at(i);
      take(one);
      const UnixMillis created = thehive::time_field(one["_createdAt"]);
      skip = created == since ? skip + 1 : 1;
      since = std::max(since, created);
    }
    if (const Status s = hand_over(); !s.ok()) return s;
    if (list.size() < kPage) return {};
  }
  return Status::error(ExitCode::interrupted, "stopped while reading TheHive's observables");
}

Status ObservableRefresh::read_all(UnixMillis since, const Stop& stop) {
  newest_ms_ = set_.refreshed_ms();
  for (const bool of_cases : {true, false}) {
    if (const Status s = read(of_cases, since, stop); !s.ok()) return s;
  }
  set_.set_refreshed_ms(newest_ms_);
  return {};
}

Status ObservableRefresh::full(const Stop& stop) {
  set_.begin_pass();
  if (const Status s = read_all(0, stop); !s.ok()) return s;
  set_.end_pass();
  return {};
}

Status ObservableRefresh::recent(const Stop& stop) {
  return read_all(std::max<UnixMillis>(set_.refreshed_ms() - kOverlapMs, 0), stop);
}

}  // namespace socbridge::stream
