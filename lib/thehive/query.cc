// SPDX-License-Identifier: Apache-2.0
#include "thehive/query.h"

#include <algorithm>

#include "json/writer.h"

namespace socbridge::thehive {
namespace {

// {"OP":{"_field":F,"KEY":VALUE}}
std::string match(const char* op, std::string_view field, const char* key,
                  std::string_view value_json) {
  json::Writer w;
  w.begin_object();
  w.key(op);
  w.begin_object();
  w.member("_field", field);
  w.key(key);
  w.raw(value_json);
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

std::string named(std::string_view name) { return "{\"_name\":" + json::quote(name) + "}"; }

}  // namespace

namespace filter {

std::string is(std::string_view field, std::string_view value) {
  return match("_is", field, "_value", json::quote(value));
}
std::string is(std::string_view field, std::int64_t value) {
  return match("_is", field, "_value", std::to_string(value));
}
std::string is(std::string_view field, bool value) {
  return match("_is", field, "_value", value ? "true" : "false");
}
std::string at_least(std::string_view field, std::int64_t value) {
  return match("_gte", field, "_value", std::to_string(value));
}
std::string below(std::string_view field, std::int64_t value) {
  return match("_lt", field, "_value", std::to_string(value));
}

std::string in(std::string_view field, const std::vector<std::string>& values) {
  json::Writer w;
  w.begin_array();
  for (const std::string& value : values) w.value(value);
  w.end_array();
  return match("_in", field, "_values", w.text());
}

namespace {

std::string combined(const char* op, const std::vector<std::string>& filters) {
  if (filters.empty()) return {};
  if (filters.size() == 1) return filters.front();
  json::Writer w;
  w.begin_object();
  w.key(op);
  w.begin_array();
  for (const std::string& one : filters) w.raw(one);
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

}  // namespace

std::string all(const std::vector<std::string>& filters) { return combined("_and", filters); }

std::string any(const std::vector<std::string>& filters) { return combined("_or", filters); }

std::string none_of(std::string_view inner) { return "{\"_not\":" + std::string(inner) + "}"; }

}  // namespace filter

Query::Query(std::string_view select) { add(named(select)); }

Query::Query(const Subject& subject) {
  json::Writer w;
  w.begin_object();
  switch (subject.kind) {
    case Subject::Kind::alert: w.member("_name", "getAlert"); break;
    case Subject::Kind::of_case: w.member("_name", "getCase"); break;
    case Subject::Kind::observable: w.member("_name", "getObservable"); break;
  }
  w.member("idOrName", subject.id);
  w.end_object();
  add(w.text());
}

void Query::add(const std::string& op) {
  if (ops_.size() > 1) ops_ += ',';
  ops_ += op;
}

Query& Query::to(std::string_view name) {
  add(named(name));
  return *this;
}

Query& Query::where(std::string_view filter) {
  if (filter.size() > 2) {  // {"_name":"filter", + the filter's own member
    add("{\"_name\":\"filter\"," + std::string(filter.substr(1)));
  }
  return *this;
}

Query& Query::sort(std::string_view field, Order order) {
  add("{\"_name\":\"sort\",\"_fields\":[{" + json::quote(field) + ":" +
      (order == Order::descending ? "\"desc\"" : "\"asc\"") + "}]}");
  return *this;
}

Query& Query::page(std::uint64_t from, std::uint64_t to, const std::vector<const char*>& extra) {
  json::Writer w;
  w.begin_object();
  w.member("_name", "page");
  w.member("from", from);
  w.member("to", to);
  if (extra.size() > 0) {
    w.key("extraData");
    w.begin_array();
    for (const char* name : extra) w.value(name);
    w.end_array();
  }
  w.end_object();
  add(w.text());
  return *this;
}

Query& Query::count() {
  add(named("count"));
  return *this;
}

Status for_each(Client& client, const Listing& listing,
                const std::function<bool(json::Value)>& take, const Deadline& deadline) {
  std::uint64_t seen = 0;
  while (listing.limit == 0 || seen < listing.limit) {
    const std::uint64_t want =
        listing.limit == 0 ? listing.page_size : std::min(listing.page_size, listing.limit - seen);
    Query page = listing.query;
    page.page(seen, seen + want, listing.extra);
    const auto answer = client.query(listing.label, page.text(), deadline);
    if (!answer.ok()) return answer.status();
    const json::Value list = answer->root();
    if (!list.is_array()) {
      return Status::error(ExitCode::refused,
                           "query " + listing.label + ": the answer is not a list",
                           "check that the URL is TheHive's own");
    }
    // The server ignores pages, so each page would be the same.
    if (list.size() > want) {
      return Status::error(ExitCode::refused,
                           "query " + listing.label + ": the answer has more items than requested",
                           "check that the URL is TheHive's own");
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (!take(list.at(i))) return {};
    }
    seen += list.size();
    if (list.size() < want) break;
  }
  return {};
}

}  // namespace socbridge::thehive
